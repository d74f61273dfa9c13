import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { logFile } from './log-file.ts'

test('a log that reaches its limit keeps one predecessor and no more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'logs', 'chat.log')
  const write = logFile(file, 10)
  for (const line of ['first\n', 'second\n', 'third\n']) write(line)
  expect(readFileSync(file, 'utf8')).toBe('third\n')
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('second\n')
  expect(readdirSync(join(folder, 'logs'))).toEqual(['chat.log', 'chat.log.1'])
  logFile(file, 10)('x\n')
  expect(readFileSync(file, 'utf8')).toBe('third\nx\n')
})
