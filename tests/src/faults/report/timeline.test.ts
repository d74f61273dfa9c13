import { expect, test } from 'vitest'
import { check } from '../check/check.ts'
import { cleanHistory } from '../check/fixtures/history.ts'
import { timeline } from './timeline.ts'

const clean = cleanHistory({ seed: 4, seconds: 3, clients: 5 })

/** The names of the elements that are not closed in their place. */
function unclosed(svg: string): string[] {
  const open: string[] = []
  for (const [, slash, name = '', rest = ''] of svg.matchAll(/<(\/?)([a-z]+)([^>]*)>/g)) {
    if (slash && open.at(-1) === name) open.pop()
    else if (!rest.endsWith('/')) open.push(name)
  }
  return open
}

test('a run is a picture that is well formed and needs nothing else', () => {
  const svg = timeline(clean, check(clean))
  expect(unclosed(svg)).toEqual([])
  expect(svg).not.toMatch(/<script|href|url\(|NaN|undefined|Infinity/)
  for (const name of ['kill notify', 'notify-1', 'reader-1', 'quiesce', 'checks hold']) {
    expect(svg).toContain(name)
  }
})

test('each violation is a red mark and a line, in letters that are safe to show', () => {
  const history = structuredClone(clean)
  const call = history.entries.find((entry) => entry.type === 'call')
  history.entries = history.entries.filter(
    (entry) => entry.type !== 'return' || entry.op !== call?.op,
  )
  history.final.stuck = ['<b> & "c" is still held.']
  const svg = timeline(history, check(history))
  expect(unclosed(svg)).toEqual([])
  expect(svg).toContain('&lt;b&gt; &amp; &quot;c&quot; is still held.')
  expect(svg).toMatch(/<circle [^>]*fill="#d1242f"><title>C16: User \d+'s/)
})

test('a run without anything in it is a picture too', () => {
  const empty = { ...clean, entries: [] }
  expect(unclosed(timeline(empty, check(empty)))).toEqual([])
})
