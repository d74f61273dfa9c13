import { parseArgs } from 'node:util'
import type { Measurement } from './stage.ts'

export interface Options {
  chosen: readonly Measurement[]
  repeat: number
}

/** Throws where there is no such measurement. */
export function optionsOf(all: readonly Measurement[], args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, repeat: { type: 'string', default: '1' } },
  })
  const names = values.only?.split(',') ?? all.map(({ name }) => name)
  const chosen = names.map((name) => {
    const found = all.find((one) => one.name === name)
    if (found) return found
    throw new Error(`There is no ${name}, but ${all.map(({ name }) => name).join(', ')}.`)
  })
  return { chosen, repeat: Math.max(1, Number(values.repeat)) }
}
