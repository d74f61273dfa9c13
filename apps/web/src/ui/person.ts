/** How many colours people have: --u0 to --u7 for names, --a0 and --at0 to --a7 and --at7 for avatars. */
const colours = 8

/** FNV-1a: ids that follow each other get colours that do not. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text)
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return (value ^ (value >>> 15)) >>> 0
}

/** The number of a person's colour, the same everywhere and for good. */
export const personColour = (userId: number): number => hash(String(userId)) % colours

let letters: Intl.Segmenter | undefined
/** Only where the first letter may be of several characters: making a segmenter takes a while. */
function first(text: string): string {
  if (/^[\0-\x7f](?:[\0-\x7f]|$)/.test(text)) return text.slice(0, 1)
  letters ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const [letter] = letters.segment(text)
  return letter?.segment ?? ''
}

/** Up to two letters that stand for a name: of its first and last word, or its first two. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => word !== '')
  const [one = name, two] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  const short = two === undefined ? first(one) : first(one) + first(two)
  return short.toLocaleUpperCase()
}
