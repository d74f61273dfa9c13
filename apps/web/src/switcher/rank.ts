import { type Marks, guesser, separators } from './guess.ts'

export interface Entry {
  /** As people write it. */
  name: string
  /** `name` without case and accents: see `fold`. */
  folded: string
}
export interface Ranked<E> {
  entry: E
  /** Which characters of the name matched, as pairs of from and to; empty where none is to be marked. */
  marks: Marks
}

/** Without case and accents, also where a language writes them as letters of their own. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')

/** Where the words of a text begin that start with the needle. */
function wordStart(text: string, needle: string): number {
  let at = text.indexOf(needle)
  while (at > 0 && !separators.includes(text[at - 1] ?? '')) at = text.indexOf(needle, at + 1)
  return at
}

/**
 * The best matches first: the name itself, names that begin so, names with a word that begins so,
 * then what the letters may have meant. Within each the order is that of the entries, so nothing is
 * sorted: one pass over all, and a second only while there is room.
 */
export function rank<E extends Entry>(
  entries: readonly E[],
  query: string,
  limit: number,
): Ranked<E>[] {
  const needle = fold(query.trim())
  const tiers: [Ranked<E>[], Ranked<E>[], Ranked<E>[]] = [[], [], []]
  const rest: E[] = []
  for (const entry of entries) {
    const { folded } = entry
    const at = wordStart(folded, needle)
    if (at === -1) {
      rest.push(entry)
      continue
    }
    const tier = tiers[folded === needle ? 0 : at === 0 ? 1 : 2]
    if (tier.length < limit) tier.push({ entry, marks: marksIn(entry, [[at, at + needle.length]]) })
  }
  const found = tiers.flat().slice(0, limit)
  return found.length === limit ? found : [...found, ...close(rest, needle, limit - found.length)]
}

/** What the letters may have meant: the fewer others lie between them, the sooner. */
function close<E extends Entry>(entries: readonly E[], needle: string, limit: number): Ranked<E>[] {
  const guess = guesser(needle)
  return entries
    .flatMap((entry) => {
      const cost = guess.cost(entry.folded)
      return cost === undefined ? [] : [{ entry, cost }]
    })
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, limit)
    .map(({ entry }) => ({ entry, marks: marksIn(entry, guess.marks(entry.folded)) }))
}

/** Places in the folded name are places in the name only where folding changed no lengths. */
const marksIn = ({ name, folded }: Entry, marks: Marks): Marks =>
  name.length === folded.length ? marks : []
