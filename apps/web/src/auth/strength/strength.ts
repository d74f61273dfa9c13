import { ZxcvbnFactory } from '@zxcvbn-ts/core'

/** From 1, weak, to 4, strong. */
export type Strength = 1 | 2 | 3 | 4

/**
 * Powers of ten of guesses above which a password is fair, good, strong. Of what the server keeps a
 * graphics card tries some thousand a second: a day, four months, thirty years.
 */
const steps = [8, 10, 12] as const

/** The estimate takes more than twice as long for twice the length, and nobody needs more. */
const looked = 100

/** Of a password, by the names that belong to it. */
export type Estimate = (password: string, names: readonly string[]) => Strength

/**
 * Loads what passwords are compared with. An estimate takes about a millisecond, and a few of them where
 * somebody makes it hard, so that it needs no worker.
 */
export async function loadEstimate(): Promise<Estimate> {
  const { words, graphs } = await import('parley-common-passwords')
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { common: words.split(' ') },
    graphs,
    // With the 100 that are standard, signs for letters alone take up to 40 ms.
    l33tMaxSubstitutions: 10,
  })
  return (password, names) => {
    const text = Array.from(password).slice(0, looked).join('')
    const { guessesLog10 } = zxcvbn.check(text, partsOf(names))
    return strengthOf(guessesLog10)
  }
}

function strengthOf(guesses: number): Strength {
  if (guesses < steps[0]) return 1
  if (guesses < steps[1]) return 2
  return guesses < steps[2] ? 3 : 4
}

/** The names, and the words in them. */
const partsOf = (names: readonly string[]): string[] =>
  names
    .flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)])
    .filter((part) => part.length > 2)
