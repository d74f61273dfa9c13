/** In UTF-16 code units. */
export const mostCharacters = 600
const mostLines = 8

/** The first lines of a text, of one kind of line ends; null where there is nothing to read. */
export function previewOf(text: string): string | null {
  const lines = text
    .split(/\r\n|\r|\n/, mostLines)
    .join('\n')
    .slice(0, mostCharacters)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()
  return lines.trim() === '' ? null : lines
}
