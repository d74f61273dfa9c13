import type { Action, Call, Entry, Return } from '../history/entry.ts'
import { push } from './grouped.ts'
import { malformed } from './malformed.ts'

export interface Attempt {
  call: Call
  returned: Return | undefined
}

/** The action of a kind; `add` and `remove` share their shape. */
export type Doing<Does extends Action['does']> = Does extends 'add' | 'remove'
  ? Moving & { does: Does }
  : Extract<Action, { does: Does }>

type Moving = Omit<Extract<Action, { does: 'add' | 'remove' }>, 'does'>

export interface Op<A extends Action = Action> {
  op: number
  user: number
  session: number
  action: A
  attempts: Attempt[]
  /** The first call. */
  began: number
  /** The first answer that said ok. */
  ok: { call: Call; returned: Return } | undefined
  /** When that came; without one it never ended. */
  ended: number
  /** All attempts were refused: by contract there was no effect. */
  refused: boolean
}

export interface Ops {
  all: Op[]
  sends: Op<Doing<'send'>>[]
  /** By `nonceKey`. */
  byNonce: Map<string, Op<Doing<'send'>>[]>
  edits: Op<Doing<'edit'>>[]
  deletions: Op<Doing<'delete'>>[]
  marks: Op<Doing<'mark'>>[]
  additions: Op<Doing<'add'>>[]
  removals: Op<Doing<'remove'>>[]
  reads: Op<Doing<'read'>>[]
  endings: Op<Doing<'end_session'>>[]
}

export function indexOps(entries: readonly Entry[]): Ops {
  const attempts = new Map<number, Attempt[]>()
  for (const entry of entries) {
    if (entry.type === 'call') push(attempts, entry.op, { call: entry, returned: undefined })
    if (entry.type !== 'return') continue
    const attempt = attempts.get(entry.op)?.find(({ call }) => call.attempt === entry.attempt)
    if (!attempt) throw malformed(`an answer to operation ${entry.op}, which nobody called`)
    attempt.returned = entry
  }
  const ops: Ops = {
    all: [],
    sends: [],
    byNonce: new Map(),
    edits: [],
    deletions: [],
    marks: [],
    additions: [],
    removals: [],
    reads: [],
    endings: [],
  }
  for (const of of attempts.values()) place(ops, of)
  for (const send of ops.sends) {
    push(ops.byNonce, nonceKey(send.action.chat, send.user, send.action.nonce), send)
  }
  return ops
}

/** What makes a message the same message. */
export const nonceKey = (chat: number, sender: number, nonce: string | null): string =>
  `${chat} ${sender} ${nonce ?? '(none)'}`

function place(ops: Ops, attempts: Attempt[]): void {
  const first = attempts[0]
  if (!first) return
  const { action } = first.call
  const op = describe(attempts, first.call)
  ops.all.push({ ...op, action })
  switch (action.does) {
    case 'send':
      return void ops.sends.push({ ...op, action })
    case 'edit':
      return void ops.edits.push({ ...op, action })
    case 'delete':
      return void ops.deletions.push({ ...op, action })
    case 'mark':
      return void ops.marks.push({ ...op, action })
    case 'add':
      return void ops.additions.push({ ...op, action: { ...action, does: 'add' } })
    case 'remove':
      return void ops.removals.push({ ...op, action: { ...action, does: 'remove' } })
    case 'read':
      return void ops.reads.push({ ...op, action })
    case 'end_session':
      return void ops.endings.push({ ...op, action })
    default:
      return action satisfies never
  }
}

function describe(attempts: Attempt[], first: Call): Omit<Op, 'action'> {
  const { op, user, session } = first
  let ok: Op['ok']
  let began = first.at
  for (const { call, returned } of attempts) {
    began = Math.min(began, call.at)
    if (returned?.outcome !== 'ok') continue
    if (ok === undefined || returned.at < ok.returned.at) ok = { call, returned }
  }
  const refused = attempts.every(({ returned }) => returned?.outcome === 'fail')
  return { op, user, session, attempts, began, ok, ended: ok?.returned.at ?? Infinity, refused }
}

/** The entries of an operation, as they explain it. */
export const told = ({ attempts }: Pick<Op, 'attempts'>): (Call | Return)[] =>
  attempts.flatMap(({ call, returned }) => (returned ? [call, returned] : [call]))
