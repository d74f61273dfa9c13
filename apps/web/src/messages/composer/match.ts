import type { User } from '@parley/contract'

/** A person as far as a text can mean them. */
export type Named = Pick<User, 'id' | 'username'>

/** Letters that have no decomposition in Unicode and are still the same to whoever looks for them. */
const alike: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
}

/** The text without case and accents, by the rules of a language: in Turkish, ı and i stay apart. */
export function fold(text: string, locale: string): string {
  const plain = text
    .toLocaleLowerCase(locale)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøłđðþħ]/g, (letter) => alike[letter] ?? letter)
  return locale.startsWith('tr') || locale.startsWith('az') ? plain : plain.replaceAll('ı', 'i')
}

/** How well a folded name fits a folded query: 0 begins with it, 1 has a word that does; else undefined. */
export function fit(name: string, query: string): 0 | 1 | undefined {
  if (name.startsWith(query)) return 0
  const words = name.split(/[^\p{L}\p{N}]+/u)
  // "a-le" asks for Anna-Lena: each part begins a word, in order.
  const parts = query.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
  if (parts.length === 0) return undefined
  let at = 0
  for (const part of parts) {
    while (at < words.length && words[at]?.startsWith(part) !== true) at++
    if (at++ >= words.length) return undefined
  }
  return 1
}

/** Those whose name fits what is written of it, the best first; nobody mentions themselves. */
export function rankPeople(
  users: readonly Named[],
  query: string,
  locale: string,
  me: number | undefined,
): Named[] {
  const wanted = fold(query, locale)
  return users
    .flatMap((user) => {
      const fits = fit(fold(user.username, locale), wanted)
      return fits === undefined || user.id === me ? [] : [{ user, fits }]
    })
    .toSorted((a, b) => a.fits - b.fits || a.user.username.localeCompare(b.user.username, locale))
    .map(({ user }) => user)
}
