import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import type { Plugin } from 'vite'

const id = '\0parley-common-passwords'
/** As many as are worth 30 kB: each next thousand is less and less used. */
const most = 8_000

/** The most used passwords, most used first, and what is beside what on a keyboard. */
export function commonPasswords(): Plugin {
  const words = dictionary['passwords-common'].filter((word) => word.length > 3).slice(0, most)
  const { qwerty, keypad } = adjacencyGraphs
  return {
    name: 'parley-common-passwords',
    resolveId: (source) => (source === 'parley-common-passwords' ? id : undefined),
    load: (source) =>
      source === id
        ? `export const words = ${JSON.stringify(words.join(' '))}
           export const graphs = ${JSON.stringify({ qwerty, keypad })}`
        : undefined,
  }
}
