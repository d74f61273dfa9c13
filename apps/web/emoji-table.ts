import { gemoji } from 'gemoji'
import type { Plugin } from 'vite'

const id = '\0parley-emoji'

/**
 * All emoji with the names that GitHub gives them, which most chat programs share, and words to find
 * them by: a line for each group, `😀 grinning smile,happy;…`.
 */
export function emojiTable(): Plugin {
  const groups = Map.groupBy(gemoji, ({ category }) => category)
  const lines = [...groups.values()].map((group) =>
    group
      .map(({ emoji, names, tags }) => [
        emoji,
        names.join(','),
        tags.join(',').replaceAll(' ', '_'),
      ])
      .map((parts) => parts.join(' ').trim())
      .join(';'),
  )
  return {
    name: 'parley-emoji',
    resolveId: (source) => (source === 'parley-emoji' ? id : undefined),
    load: (source) =>
      source === id ? `export const table = ${JSON.stringify(lines.join('\n'))}` : undefined,
  }
}
