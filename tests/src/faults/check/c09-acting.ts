import type { Action } from '../history/entry.ts'
import type { Findings } from './findings.ts'
import { grouped } from './grouped.ts'
import type { HistoryIndex } from './history-index.ts'
import { intervalsOf } from './index-memberships.ts'
import { type Doing, type Op, told } from './index-ops.ts'
import { line } from './lines.ts'

type Removal = Op<Doing<'remove'>>
/** From when to when an addition may have had its effect. */
interface Chance {
  from: number
  to: number
}

/** What only members do, in whatever kind of chat. */
const asMember: ReadonlySet<Action['does']> = new Set(['send', 'edit', 'mark'])

/** Nobody acts in a chat after their removal was acknowledged and before they may be back. */
export function acting(index: HistoryIndex, { look, violation }: Findings): void {
  const removals = grouped(
    index.ops.removals.filter(({ ok }) => ok),
    ({ action }) => `${action.chat} ${action.user}`,
  )
  for (const list of removals.values()) list.sort((a, b) => a.ended - b.ended)
  const chances = chancesToReturn(index)

  for (const op of index.ops.all) {
    const { action, user } = op
    if (action.does === 'end_session') continue
    const { chat } = action
    // A public channel is read, and moderated, by those outside of it too.
    if (index.open.has(chat) && !asMember.has(action.does)) continue
    for (const { call, returned } of op.attempts) {
      if (returned?.outcome !== 'ok') continue
      look()
      const key = `${chat} ${user}`
      const removal = lastBefore(removals.get(key), call.at)
      const back = (chances.get(key) ?? []).some(
        ({ from, to }) => removal && from <= returned.at && to >= removal.began,
      )
      if (removal && !back) {
        violation(
          `User ${user} could ${action.does} in chat:${chat} after their removal was acknowledged.`,
          () => [...told(removal), call, returned],
          returned.at,
        )
      } else if (intervalsOf(index.memberships, `chat:${chat}`, user).length === 0) {
        violation(
          `User ${user} could ${action.does} in chat:${chat} without ever being in it.`,
          () => [call, returned, line(`user ${user} has no membership in chat:${chat}`)],
          returned.at,
        )
      }
    }
  }
}

/** The last removal that was acknowledged before a time. */
const lastBefore = (removals: readonly Removal[] | undefined, at: number): Removal | undefined =>
  removals?.findLast(({ ended }) => ended < at)

/**
 * An attempt that got no answer may have its effect later than that: a request waits in a server that
 * stands still, or on its way to it, until the fault is over.
 */
function chancesToReturn({ ops, faults }: HistoryIndex): Map<string, Chance[]> {
  const chances = new Map<string, Chance[]>()
  for (const { action, attempts } of ops.additions) {
    const key = `${action.chat} ${action.user}`
    const list = chances.get(key) ?? []
    chances.set(key, list)
    for (const { call, returned } of attempts) {
      if (returned?.outcome === 'fail') continue
      const end = returned?.at ?? Infinity
      const late = returned?.outcome === 'ok' ? undefined : faults.recoveredAfter(call.at, end)
      list.push({ from: call.at, to: late ?? end })
    }
  }
  return chances
}
