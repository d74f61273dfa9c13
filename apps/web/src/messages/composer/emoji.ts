import { shallowRef } from 'vue'

export interface Emoji {
  name: string
  character: string
}

/** By name, once somebody has begun to write one. */
const known = shallowRef<ReadonlyMap<string, string>>(new Map())
let loading: Promise<void> | undefined

async function load(): Promise<void> {
  const { table } = await import('./emoji-table.ts')
  const entries = table.split(/[;\n]/).flatMap((entry) => {
    const [character = '', names = ''] = entry.split(' ')
    return names.split(',').flatMap((name) => (name === '' ? [] : [[name, character] as const]))
  })
  known.value = new Map(entries)
}

/** Asks for the names; those who watch what comes from `findEmoji` see them arrive. */
export function wantEmoji(): void {
  loading ??= load().catch(() => {
    loading = undefined
  })
}

export const emojiNamed = (name: string): string | undefined => known.value.get(name)

/** Names that begin with the query first, then those in which a word does. */
export function findEmoji(query: string, most: number): Emoji[] {
  const wanted = query.toLowerCase()
  const first: Emoji[] = []
  const second: Emoji[] = []
  for (const [name, character] of known.value) {
    if (name.startsWith(wanted)) first.push({ name, character })
    else if (name.includes(`_${wanted}`)) second.push({ name, character })
  }
  first.sort((a, b) => a.name.length - b.name.length)
  return [...first, ...second].slice(0, most)
}
