import UFuzzy from '@leeoniya/ufuzzy'

export interface Entry {
  /** As people write it. */
  name: string
  /** `name` without case and accents: see `fold`. */
  folded: string
}
export interface Ranked<E> {
  entry: E
  /** Which characters of the name matched, as pairs of from and to; empty where none is to be marked. */
  marks: readonly (readonly [number, number])[]
}

const separators = /[\s\-_.,:/'’()&]+/u

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

/** Up to three letters may lie between two of what was typed. */
const fuzzy = new UFuzzy({
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: '\\p{Ll}\\p{Lu}',
  intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
  intraIns: 3,
})

/** Where the words of a text begin that start with the needle. */
function wordStart(text: string, needle: string): number {
  let at = text.indexOf(needle)
  while (at > 0 && !separators.test(text[at - 1] ?? '')) at = text.indexOf(needle, at + 1)
  return at
}

/** The needle's letters in order, for marking what a fuzzy match found. */
function scattered(text: string, needle: string): (readonly [number, number])[] {
  const marks: (readonly [number, number])[] = []
  let at = 0
  for (const letter of needle.replace(/\s+/g, '')) {
    at = text.indexOf(letter, at)
    if (at === -1) return []
    marks.push([at, at + letter.length])
    at += letter.length
  }
  return marks
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
  const texts: string[] = []
  for (const entry of entries) {
    const { folded } = entry
    const at = wordStart(folded, needle)
    if (at === -1) {
      rest.push(entry)
      texts.push(folded)
      continue
    }
    const tier = tiers[folded === needle ? 0 : at === 0 ? 1 : 2]
    if (tier.length < limit) tier.push({ entry, marks: marksIn(entry, [[at, at + needle.length]]) })
  }
  const found = tiers.flat().slice(0, limit)
  return found.length === limit
    ? found
    : [...found, ...close(rest, texts, needle, limit - found.length)]
}

function close<E extends Entry>(
  entries: readonly E[],
  texts: string[],
  needle: string,
  limit: number,
): Ranked<E>[] {
  if (needle === '') return []
  const [matches, info, order] = fuzzy.search(texts, needle)
  if (matches === null) return []
  const best = order === null ? matches : order.map((at) => info.idx[at] ?? 0)
  return best.slice(0, limit).flatMap((at) => {
    const entry = entries[at]
    return entry ? [{ entry, marks: marksIn(entry, scattered(entry.folded, needle)) }] : []
  })
}

/** Places in the folded name are places in the name only where folding changed no lengths. */
const marksIn = (
  { name, folded }: Entry,
  marks: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] => (name.length === folded.length ? marks : [])
