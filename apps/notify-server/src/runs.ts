import { memberIds, userIds } from './body.ts'
import type { LogRow } from './log-row.ts'

const joins = new Set(['MemberJoined', 'WorkspaceMemberJoined'])
const leaves = new Set(['MemberLeft', 'WorkspaceMemberLeft'])

/** Whom an event lets into its topic, and whom it shows out of it. */
export interface Movement {
  joins: readonly number[]
  leaves: readonly number[]
}

const nobody: Movement = { joins: [], leaves: [] }
/** As many people as one event of a statement names; the rest are in the events after it. */
const fullPart = 100

/**
 * Who comes and goes with each of the rows. All whom one statement moves have their interval begin,
 * or end, at its first event, however many events name them: so the first one moves them all.
 */
export function movements(rows: readonly LogRow[]): Movement[] {
  const before = new Map<number, { row: LogRow; named: number; movers: number[] }>()
  return rows.map((row) => {
    const joining = joins.has(row.kind)
    const leaving = leaves.has(row.kind)
    const previous = before.get(row.xid)
    if (!joining && !leaving) {
      before.delete(row.xid)
      return nobody
    }
    const named = joining ? memberIds(row.body) : userIds(row.body)
    const goesOn = previous?.named === fullPart && follows(row, previous.row)
    const movers = goesOn ? previous.movers : named
    if (goesOn) movers.push(...named)
    before.set(row.xid, { row, named: named.length, movers })
    if (goesOn) return nobody
    return joining ? { joins: movers, leaves: [] } : { joins: [], leaves: movers }
  })
}

const follows = (row: LogRow, previous: LogRow): boolean =>
  row.kind === previous.kind && row.topic_id === previous.topic_id && row.seq === previous.seq + 1

/** Where a page that was cut at its limit ends without tearing such events apart. */
export function wholeRuns(rows: readonly LogRow[]): readonly LogRow[] {
  const last = rows.findLastIndex(({ kind }) => !joins.has(kind) && !leaves.has(kind))
  return last === -1 ? rows : rows.slice(0, last + 1)
}
