import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readSecretFile } from './secret-file.ts'

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'secret'), text)
  return join(folder, 'secret')
}

test('a secret stands alone in its file, with or without an end of line', () => {
  for (const text of ['hunter2', 'hunter2\n', ' hunter2 \r\n'])
    expect(readSecretFile(fileWith(text), 'the key')).toBe('hunter2')
})

test('what is wrong with the file is one sentence without its content', () => {
  for (const text of ['', '\n', 'hunter2 hunter2', 'x'.repeat(257)])
    expect(() => readSecretFile(fileWith(text), 'the key')).toThrow(
      /secret must hold the key and no more\.$/,
    )
  expect(() => readSecretFile('/nowhere/secret', 'the key')).toThrow(
    'The file /nowhere/secret cannot be read (ENOENT).',
  )
})
