import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Entry, fold, rank } from './rank.ts'

const entriesOf = (names: readonly string[]): Entry[] =>
  names.map((name) => ({ name, folded: fold(name) }))
const ranked = (names: readonly string[], query: string, limit = 10) =>
  rank(entriesOf(names), query, limit).map(({ entry }) => entry.name)

const team = [
  'design',
  'design-archive',
  'dev',
  'engineering',
  'incidents',
  'random',
  'product design',
  'general',
  'customer-support',
  'support',
]
const people = [
  'Mira Kovač',
  'Jonas Lind',
  'Ana',
  'Élodie Durand',
  'Łukasz Nowak',
  'Søren Æbler',
  'Jürgen Weiß',
  'İbrahim Işık',
  'Nguyễn Văn An',
  'ann-marie.lind',
]
const scripts = ['Ольга Петрова', 'Семён', 'محمد علي', 'مُحَمَّد', '田中さくら', '김민준', 'דנה לוי']

test.each<[query: string, names: readonly string[], expected: readonly string[]]>([
  // The name itself, then what begins so, then words that do.
  ['design', team, ['design', 'design-archive', 'product design']],
  ['DESIGN', team, ['design', 'design-archive', 'product design']],
  ['des', team, ['design', 'design-archive', 'product design', 'incidents']],
  ['de', team, ['design', 'design-archive', 'dev', 'product design', 'incidents']],
  ['support', team, ['support', 'customer-support']],
  ['sup', team, ['support', 'customer-support']],
  ['archive', team, ['design-archive']],
  ['product d', team, ['product design']],
  ['  dev  ', team, ['dev']],
  ['general', team, ['general']],
  // What the letters may have meant.
  ['dsgn', team, ['design', 'design-archive', 'product design']],
  ['enginering', team, ['engineering']],
  ['egineering', team, ['engineering']],
  ['gneral', team, ['general']],
  ['cust sup', team, ['customer-support']],
  ['incdnt', team, ['incidents']],
  ['rndm', team, ['random']],
  ['ineering', team, ['engineering']],
  ['zzz', team, []],
  ['general2', team, []],
  // People, without case and accents.
  ['kovac', people, ['Mira Kovač']],
  ['KOVAČ', people, ['Mira Kovač']],
  ['elodie', people, ['Élodie Durand']],
  ['élo', people, ['Élodie Durand']],
  ['lukasz', people, ['Łukasz Nowak']],
  ['soren', people, ['Søren Æbler']],
  ['aeb', people, ['Søren Æbler']],
  ['weiss', people, ['Jürgen Weiß']],
  ['weiß', people, ['Jürgen Weiß']],
  ['jurgen', people, ['Jürgen Weiß']],
  ['ibrahim', people, ['İbrahim Işık']],
  ['isik', people, ['İbrahim Işık']],
  ['IŞIK', people, ['İbrahim Işık']],
  ['nguyen', people, ['Nguyễn Văn An']],
  ['lind', people, ['Jonas Lind', 'ann-marie.lind']],
  ['an', people, ['Ana', 'ann-marie.lind', 'Nguyễn Văn An', 'Élodie Durand']],
  // Other scripts.
  ['петр', scripts, ['Ольга Петрова']],
  ['семен', scripts, ['Семён']],
  ['محمد', scripts, ['مُحَمَّد', 'محمد علي']],
  ['田中', scripts, ['田中さくら']],
  ['김민', scripts, ['김민준']],
  ['לוי', scripts, ['דנה לוי']],
])('%s finds, in this order', (query, names, expected) => {
  expect(ranked(names, query)).toEqual(expected)
})

test('of equal names the order of the entries counts', () => {
  const twins = [1, 2].map((id) => ({ id, name: 'Alex', folded: 'alex' }))
  expect(rank(twins, 'al', 10).map(({ entry }) => entry.id)).toEqual([1, 2])
})

test('nothing typed gives the entries as they are', () => {
  expect(ranked(['b', 'a', 'c'], '', 2)).toEqual(['b', 'a'])
})

test('the letters that matched are marked', () => {
  const marks = (name: string, query: string) => rank(entriesOf([name]), query, 1)[0]?.marks
  expect(marks('product design', 'des')).toEqual([[8, 11]])
  expect(marks('Mira Kovač', 'kovac')).toEqual([[5, 10]])
  expect(marks('Jürgen Weiß', 'weiss')).toEqual([])
  expect(marks('random', 'rndm')).toEqual([
    [0, 1],
    [2, 3],
    [3, 4],
    [5, 6],
  ])
})

test('a key looks at each of 5,000 entries a fixed number of times', () => {
  let reads = 0
  const entries = Array.from({ length: 5_000 }, (_, i) => ({
    name: `channel ${i}`,
    get folded() {
      reads++
      return `channel ${i}`
    },
  }))
  for (const query of ['c', 'channel', '4999', 'chnl', 'zzz', 'channel 49']) {
    reads = 0
    expect(rank(entries, query, 50).length).toBeLessThanOrEqual(50)
    expect(reads).toBeLessThanOrEqual(2 * entries.length + 2 * 50)
  }
})

test('names made to be slow are not', () => {
  const entries = entriesOf(Array.from({ length: 1_000 }, () => 'a'.repeat(64)))
  expect(rank(entries, `${'a'.repeat(20)}b`, 50)).toEqual([])
  expect(rank(entries, 'aa ab', 50)).toEqual([])
})

test('whatever begins with what was typed is found, and nothing comes twice', () => {
  const name = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  fc.assert(
    fc.property(fc.array(name, { maxLength: 30 }), name, (names, query) => {
      const entries = entriesOf(names)
      const found = rank(entries, query, 100).map(({ entry }) => entry)
      expect(new Set(found).size).toBe(found.length)
      const needle = fold(query.trim())
      const wanted = entries.filter((entry) => entry.folded.startsWith(needle))
      expect(found).toEqual(expect.arrayContaining(wanted))
    }),
  )
})
