import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checks } from '../check/check.ts'
import { parseOptions } from '../run/options.ts'
import { readBugs } from './bugs.ts'
import { root } from './copy.ts'
import { applyPatch, parsePatch } from './patch.ts'

const bugs = readBugs()

describe.for(bugs)('the seeded bug $name', (bug) => {
  test('still fits the servers, and changes nothing but them', () => {
    expect(bug.patch).not.toHaveLength(0)
    for (const file of bug.patch) {
      expect(file.path).toMatch(/^(?:apps|packages|db\/migrations)\//)
      const text = readFileSync(join(root, file.path), 'utf8')
      expect(applyPatch(file, text)).not.toBe(text)
    }
  })

  test('names what it breaks, and faults and checks that there are', () => {
    expect(bug.says).toMatch(/ Breaks .+\.$/)
    expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(bug.checks))
    expect(parseOptions(bug.run)).toMatchObject({ keep: false })
  })
})

test('there are bugs, each with a number of its own', () => {
  const numbers = bugs.map(({ name }) => /^(\d\d)-[a-z-]+$/.exec(name)?.[1])
  expect(numbers).toEqual([...new Set(numbers)])
  expect(numbers.length).toBeGreaterThanOrEqual(12)
})

describe('a patch', () => {
  const [patch] = parsePatch('--- a/f\n+++ b/f\n@@ -7,2 +7,2 @@\n a\n--- b\n+-- c\n')
  if (!patch) throw new Error('the patch has no file')

  test('goes where its lines are, whatever their numbers', () => {
    expect(applyPatch(patch, 'x\na\n-- b\ny\n')).toBe('x\na\n-- c\ny\n')
  })

  test.for(['x\n', 'a\n-- b\na\n-- b\n'])('is refused unless they are there once: %j', (text) => {
    expect(() => applyPatch(patch, text)).toThrow(/f has the lines that begin with "a" \d times/)
  })
})
