import type { Chat } from '@parley/contract'
import { parseJson } from '@parley/core/json'
import type { Static, TSchema } from 'typebox'
import { type Chat as Known, unread } from './reference.ts'
import { type Stage, ask, idOf } from './stage.ts'

/** One way to read: what came, and what the reference says should, each as lines. */
export interface Look {
  way: string
  /** Of which place. */
  of?: number
  real: string[]
  expected: string[]
  /** What may come besides. */
  allowed?: string[]
}

export async function get<S extends TSchema>(
  stage: Stage,
  who: number,
  path: string,
  schema: S,
): Promise<Static<S> | string> {
  const answer = await ask(stage, who, { method: 'GET', path })
  if (answer.outcome !== '200') return answer.outcome
  const body = parseJson(answer.body, schema)
  if (body === undefined) throw new Error(`${path} does not answer as the contract says`)
  return body
}

const idsOf = (stage: Stage, people: Iterable<number>): string =>
  Array.from(people, (who) => idOf(stage, who))
    .toSorted((a, b) => a - b)
    .join()

export const chatLine = (chat: Static<typeof Chat>): string =>
  `chat ${chat.id} ${chat.role} with ${chat.users.toSorted((a, b) => a - b).join()} at ${chat.last_seq}, ` +
  `${chat.unread_count} unread, ${chat.mention_count} mentions`

export function knownLine(stage: Stage, who: number, chat: Known): string {
  const waiting = unread(who, chat, stage.messages)
  const mentions = waiting.filter(({ mentioned }) => mentioned === who).length
  return (
    `chat ${chat.id} ${chat.roles.get(who) ?? null} with ${idsOf(stage, chat.roles.keys())} at ${chat.clock}, ` +
    `${waiting.length} unread, ${mentions} mentions`
  )
}
