/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(from: readonly [T, ...T[]]): T
  shuffled<T>(list: readonly T[]): T[]
  /** Another source that does not disturb this one: what one part draws is no matter to the others. */
  fork(name: string): Random
}

/** SplitMix32 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    between,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    shuffled: (list) =>
      list
        .map((one) => ({ one, key: next() }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ one }) => one),
    fork: (name) =>
      createRandom(Buffer.from(name).reduce((sum, byte) => Math.imul(sum ^ byte, 16777619), seed)),
  }
}
