import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const page = readFileSync(join(root, 'docs/security-cases.md'), 'utf8')
const rows = [...page.matchAll(/^\| ([A-Z]{2}-\d\d) +\| (.+?) +\| (yes|no) +\| (.*?) *\|$/gm)].map(
  ([, id = '', what = '', tested = '', missing = '']) => ({ id, what, tested, missing }),
)

/** The ids in the names of tests: the name begins with them. */
function named(): Set<string> {
  const found = new Set<string>()
  for (const place of ['apps', 'packages', 'scripts', 'tests']) {
    for (const file of readdirSync(join(root, place), { recursive: true, encoding: 'utf8' })) {
      if (/node_modules|dist/.test(file) || !/\.(?:test|spec)\.ts$|access\/table\//.test(file))
        continue
      const text = readFileSync(join(root, place, file), 'utf8')
      for (const [ids] of text.matchAll(/(?<=['`])(?:[A-Z]{2}-\d\d(?:, )?)+(?=[:'`])/g))
        for (const id of ids.split(', ')) found.add(id)
    }
  }
  return found
}

test('each case is listed once, and says what is missing where it has no test', () => {
  const count = { AZ: 23, AU: 26, IN: 16, FI: 9, SS: 6, DO: 5, WB: 7, OP: 7 }
  const all = Object.entries(count).flatMap(([kind, most]) =>
    Array.from({ length: most }, (_, n) => `${kind}-${String(n + 1).padStart(2, '0')}`),
  )
  expect(rows.map(({ id }) => id)).toEqual(all)
  expect(rows.filter(({ tested, missing }) => tested === 'no' && missing === '')).toEqual([])
})

test('the cases that are tested are those whose ids begin the names of tests', () => {
  const tested = rows.filter((row) => row.tested === 'yes').map(({ id }) => id)
  expect(tested.toSorted()).toEqual([...named()].toSorted())
})
