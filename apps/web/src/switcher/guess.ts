/** Which characters of a text matched, as pairs of from and to. */
export type Marks = readonly (readonly [number, number])[]

export const separators = " \t-_.,:/'’()&"

/** So many letters may lie between two of a word that was typed. */
const mostBetween = 3
/** Longer ones are no guesses any more. */
const mostLetters = 24
const never = 1e6

/** The letters that were typed, and where a new word begins among them. */
function wordsOf(typed: string): { letters: string; starts: ReadonlySet<number> } {
  const starts = new Set<number>()
  let letters = ''
  for (const word of typed.slice(0, mostLetters).split(/[^\p{L}\p{N}]+/u)) {
    starts.add(letters.length)
    letters += word
  }
  return { letters, starts }
}

/** The letters in order, wherever: what lacks one needs no closer look. */
function hasInOrder(text: string, letters: string): boolean {
  let at = -1
  for (let i = 0; i < letters.length; i++) {
    at = text.indexOf(letters[i] ?? '', at + 1)
    if (at === -1) return false
  }
  return true
}

/** Where the letter before one at `at` is best: near and in the same word, or anywhere for a new word. */
function cheapest(costs: readonly number[], text: string, at: number, apart: boolean) {
  let best = { cost: never, at: -1 }
  for (let before = at - 1; before >= 0; before--) {
    const between = at - before - 1
    if (!apart && between > mostBetween) break
    const cost = (costs[before] ?? never) + (apart ? 1 : between)
    if (cost < best.cost) best = { cost, at: before }
    if (!apart && separators.includes(text[before] ?? '')) break
  }
  return best
}

/** By letter: what it costs to have matched it at each place of the text. */
function costsOf(text: string, typed: ReturnType<typeof wordsOf>): number[][] {
  const rows: number[][] = []
  for (let i = 0; i < typed.letters.length; i++) {
    const row = Array<number>(text.length).fill(never)
    const letter = typed.letters[i] ?? ''
    const before = rows[i - 1]
    for (let at = text.indexOf(letter); at !== -1; at = text.indexOf(letter, at + 1))
      row[at] = before ? cheapest(before, text, at, typed.starts.has(i)).cost : 0
    rows.push(row)
  }
  return rows
}

/**
 * Whether what was typed may mean a text: its letters come in order, near each other within a word. The
 * answer counts the letters between them. The work grows with the two lengths only, whatever they hold:
 * a regular expression with as many choices takes seconds over `aaaa…`.
 */
export function guesser(typed: string) {
  const words = wordsOf(typed)
  const { letters, starts } = words
  return {
    cost(text: string): number | undefined {
      if (letters === '' || !hasInOrder(text, letters)) return undefined
      const least = Math.min(...(costsOf(text, words).at(-1) ?? []))
      // With more between than was typed, it is chance.
      return least < letters.length ? least : undefined
    },
    marks(text: string): Marks {
      const rows = costsOf(text, words)
      const last = rows.at(-1) ?? []
      const marks: [number, number][] = []
      let at = last.indexOf(Math.min(...last))
      for (let i = letters.length - 1; i >= 0 && at >= 0; i--) {
        marks.unshift([at, at + 1])
        at = cheapest(rows[i - 1] ?? [], text, at, starts.has(i)).at
      }
      return marks
    },
  }
}
