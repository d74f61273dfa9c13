import type { CommonPasswords } from './common.ts'

/** A password is fine only with so many runs. */
const fewestRuns = 5
/** And so many around what is known are enough by themselves. */
const enoughAround = 8

/** Without case, accents and the other forms of a letter. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const withoutSigns = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '')

const hasLetter = (text: string): boolean => /\p{L}/u.test(text)

/** Letters by the signs that people write in their place; a 1 is an i or an l. */
const swapped: Readonly<Record<string, string>> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
  '+': 't',
  '8': 'b',
}
const asLetters = (text: string, one: 'i' | 'l'): string =>
  text.replace(/[0134578@$+!|]/g, (sign) => swapped[sign] ?? one)

/** Cuts the text before each character that neither repeats nor goes on from the one before: `aaa`, `1234`. */
function runsOf(text: string): string[] {
  const runs: string[] = []
  let before = Number.NaN
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const last = runs.length - 1
    if (code < 128 && Math.abs(code - before) <= 1) runs[last] += character
    else runs.push(character)
    before = code
  }
  return runs
}

/**
 * The text, also without some of the runs of digits and signs that stand at its ends. Where there are no
 * letters at all, fewer of them: a long enough number has a known one somewhere.
 */
function* cores(runs: readonly string[]): Generator<string> {
  const firstLetter = runs.findIndex(hasLetter)
  const lastLetter = runs.findLastIndex(hasLetter)
  const numbersOnly = firstLetter === -1
  const most = numbersOnly ? enoughAround / 2 : enoughAround
  const latestStart = numbersOnly ? runs.length - 1 : firstLetter
  for (let start = 0; start <= latestStart && start < most; start++) {
    const earliestEnd = Math.max(
      numbersOnly ? start + 1 : lastLetter + 1,
      runs.length - most + start + 1,
    )
    for (let end = runs.length; end >= earliestEnd; end--) yield runs.slice(start, end).join('')
  }
}

/** The text, and what it repeats. */
function* units(text: string): Generator<string> {
  for (let length = text.length; length > 0; length--)
    if (text.length % length === 0) {
      const unit = text.slice(0, length)
      if (unit.repeat(text.length / length) === text) yield unit
    }
}

/** The names, longest first, and their parts, from three letters; of an address, what is before the @. */
function wordsOf(names: readonly string[]): string[] {
  const words = names.map(fold).flatMap((name) => {
    const local = name.replace(/@[^]*/, '')
    return [withoutSigns(name), withoutSigns(local), ...local.split(/[^\p{L}\p{N}]+/u)]
  })
  return [...new Set(words)]
    .filter((word) => word.length >= 3)
    .toSorted((a, b) => b.length - a.length)
}

/**
 * Whether a password is a common one or made of the names, also in the ways that guessing programs
 * know: digits and signs at the ends, signs for letters, spaces, repetition, accents, and what is
 * hardly more than `aaaa` or `1234`. Words with other words around them are fine, whichever they are.
 */
export function isGuessable(
  password: string,
  common: CommonPasswords,
  names: readonly string[],
): boolean {
  const runs = runsOf(fold(password))
  if (runs.length < fewestRuns) return true
  const words = wordsOf(names)
  const isKnown = (text: string): boolean => {
    const bare = withoutSigns(text)
    if ([text, ...units(bare)].some((unit) => common.has(unit))) return true
    const rest = words.reduce((left, word) => left.replaceAll(word, ''), bare)
    if (rest === bare) return false
    return common.has(rest) || (!hasLetter(rest) && runsOf(rest).length < enoughAround)
  }
  for (const core of cores(runs))
    if ([core, asLetters(core, 'i'), asLetters(core, 'l')].some(isKnown)) return true
  return false
}
