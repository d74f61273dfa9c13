import { shallowRef } from 'vue'

export interface Emoji {
  name: string
  character: string
}
interface Known {
  character: string
  /** The one that it goes by first. */
  names: readonly string[]
  /** Other words for it. */
  tags: readonly string[]
}

/** In this order they stand in the table. */
export const groups = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const
export type Group = (typeof groups)[number]

/** By group, once somebody has wanted them. */
const known = shallowRef<readonly (readonly Known[])[]>([])
const byName = shallowRef<ReadonlyMap<string, string>>(new Map())
let loading: Promise<void> | undefined

const words = (text = ''): string[] => (text === '' ? [] : text.split(','))
function parse(entry: string): Known {
  const [character = '', names, tags] = entry.split(' ')
  return { character, names: words(names), tags: words(tags) }
}
async function load(): Promise<void> {
  const { table } = await import('parley-emoji')
  known.value = table.split('\n').map((line) => line.split(';').map(parse))
  byName.value = new Map(
    known.value.flat().flatMap(({ names, character }) => names.map((name) => [name, character])),
  )
}

/** Asks for the emoji; those who watch what comes from here see them arrive. */
export function wantEmoji(): void {
  loading ??= load().catch(() => {
    loading = undefined
  })
}

const shown = ({ names, character }: Known): Emoji => ({ name: names[0] ?? '', character })

export const emojiNamed = (name: string): string | undefined => byName.value.get(name)
export const emojiIn = (group: Group): readonly Emoji[] =>
  (known.value[groups.indexOf(group)] ?? []).map(shown)

/** Those with a name that begins with the query, the shortest first; then those with such a word. */
export function findEmoji(query: string, most: number): Emoji[] {
  const wanted = query.trim().toLowerCase().replaceAll(' ', '_')
  const begins: Emoji[] = []
  const others: Emoji[] = []
  for (const one of known.value.flat()) {
    const { character, names, tags } = one
    const name = names.find((name) => name.startsWith(wanted))
    const has = (word: string): boolean => word.startsWith(wanted) || word.includes(`_${wanted}`)
    if (name !== undefined) begins.push({ name, character })
    else if (names.some(has) || tags.some(has)) others.push(shown(one))
  }
  begins.sort((a, b) => a.name.length - b.name.length)
  return [...begins, ...others].slice(0, most)
}
