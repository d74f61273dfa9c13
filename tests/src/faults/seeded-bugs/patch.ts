/** Lines of a file that are to be replaced by others; those around them say where. */
interface Hunk {
  before: string[]
  after: string[]
}

export interface FilePatch {
  /** From the root of the tree. */
  path: string
  hunks: Hunk[]
}

const header = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/

/** Reads a unified diff of files that stay where they are; text before the first file is passed over. */
export function parsePatch(text: string): FilePatch[] {
  const files: FilePatch[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const path = /^\+\+\+ b\/(\S+)/.exec(lines[at] ?? '')?.[1]
    if (path !== undefined) files.push({ path, hunks: [] })
    const counts = header.exec(lines[at] ?? '')
    if (!counts) continue
    const [before, after] = [Number(counts[1] ?? 1), Number(counts[2] ?? 1)]
    const hunk: Hunk = { before: [], after: [] }
    // By its counts: a line of SQL that was taken away may begin with `--- `.
    while (hunk.before.length < before || hunk.after.length < after) {
      const line = lines[++at]
      if (line === undefined || !/^[-+ ]|^$/.test(line)) throw new Error('A hunk is cut short.')
      if (!line.startsWith('+')) hunk.before.push(line.slice(1))
      if (!line.startsWith('-')) hunk.after.push(line.slice(1))
    }
    files.at(-1)?.hunks.push(hunk)
  }
  return files
}

/**
 * A file's text with the patch in it. Line numbers do not count: the lines to be replaced must be
 * there once, so that edits elsewhere are no matter and no hunk goes to a wrong place. Throws
 * otherwise.
 */
export function applyPatch({ path, hunks }: FilePatch, text: string): string {
  let lines = text.split('\n')
  for (const { before, after } of hunks) {
    const places = lines.flatMap((_, at) => (isAt(lines, before, at) ? [at] : []))
    const [place] = places
    if (place === undefined || places.length > 1) {
      const what = `the lines that begin with "${before[0]?.trim()}"`
      throw new Error(`${path} has ${what} ${places.length} times.`)
    }
    lines = [...lines.slice(0, place), ...after, ...lines.slice(place + before.length)]
  }
  return lines.join('\n')
}

const isAt = (lines: readonly string[], block: readonly string[], at: number): boolean =>
  block.every((line, n) => lines[at + n] === line)
