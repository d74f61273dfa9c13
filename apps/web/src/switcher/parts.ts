export interface Part {
  text: string
  marked: boolean
}

/** A text in pieces that are marked, and not. */
export function partsOf(text: string, marks: readonly (readonly [number, number])[]): Part[] {
  const parts: Part[] = []
  let at = 0
  for (const [from, to] of marks) {
    if (from > at) parts.push({ text: text.slice(at, from), marked: false })
    parts.push({ text: text.slice(from, to), marked: true })
    at = to
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false })
  return parts
}
