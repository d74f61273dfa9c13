/** A pg_snapshot: which transactions had ended when it was taken (PostgreSQL manual, 9.28). */
export interface Snapshot {
  /** As PostgreSQL writes and reads it: `xmin:xmax:xip,xip`. */
  text: string
  /** All transactions below it had ended. */
  xmin: number
  /** This one and all above it had not begun. */
  xmax: number
  inProgress: ReadonlySet<number>
}

/** Transaction ids are 64 bits wide; no server lives long enough to pass 2^53 of them. */
export function parseSnapshot(text: string | null): Snapshot {
  if (text === null) throw new Error('a snapshot is never null')
  const [xmin, xmax, list] = text.split(':')
  const inProgress = new Set(list ? list.split(',').map(Number) : [])
  return { text, xmin: Number(xmin), xmax: Number(xmax), inProgress }
}

/** The snapshot that sees all transactions below `xmin` and no other. */
export const snapshotBelow = (xmin: number): Snapshot => ({
  text: `${xmin}:${xmin}:`,
  xmin,
  xmax: xmin,
  inProgress: new Set(),
})

/** What pg_visible_in_snapshot says: whether the rows that a transaction wrote were there. */
export const isVisible = (xid: number, { xmin, xmax, inProgress }: Snapshot): boolean =>
  xid < xmin || (xid < xmax && !inProgress.has(xid))

/**
 * The same without what is above `horizon`, the newest transaction that wrote to the log. Rows above
 * it were not there, so nothing of the log is lost by that; and it stays true over a crash. A server
 * that crashed forgets aborted transactions whose end was not on disk yet, and gives their ids out
 * again; but it never goes back behind one that committed, and those of the log did.
 */
export function withinLog(horizon: number, { xmin, inProgress }: Snapshot): Snapshot {
  const below = new Set([...inProgress].filter((xid) => xid <= horizon))
  const [least, most] = [Math.min(xmin, horizon + 1), horizon + 1]
  return {
    text: `${least}:${most}:${[...below].join(',')}`,
    xmin: least,
    xmax: most,
    inProgress: below,
  }
}
