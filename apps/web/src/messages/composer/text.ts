/** What is sent of what was typed: without blank lines around it, and without what JSON or the database cannot carry. */
export const contentOf = (text: string): string =>
  text
    .replaceAll('\0', '')
    .toWellFormed()
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()

/** In code points, as the server counts. */
export function lengthOf(text: string): number {
  let pairs = 0
  for (let n = 0; n < text.length; n++) {
    const unit = text.charCodeAt(n)
    if (unit >= 0xd800 && unit < 0xdc00) pairs++
  }
  return text.length - pairs
}

/** Whether the place lies in a code fence (CommonMark 0.31, 4.5) that is open there. */
export function inFence(text: string, caret: number): boolean {
  let open: string | undefined
  const before = text.slice(0, caret)
  if (!before.includes('```') && !before.includes('~~~')) return false
  for (const line of before.split('\n')) {
    const [, marks] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? []
    if (!marks) continue
    const rest = line.trim().slice(marks.length)
    if (!open) open = marks[0] === '`' && rest.includes('`') ? undefined : marks
    else if (marks[0] === open[0] && marks.length >= open.length && !rest) open = undefined
  }
  return open !== undefined
}
