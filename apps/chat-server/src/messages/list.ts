import { listMessages } from '@parley/contract'
import { authorizeChat } from '@parley/core/access/authorize'
import type { Db } from '@parley/core/db/connection'
import { refuseField } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { createTurns } from '@parley/core/turns'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { type Reading, findSenders, newer, older } from './queries.ts'

/** Beyond any seq there is. */
const end = Number.MAX_SAFE_INTEGER
/** Pages that are read at once: each may have megabytes, and the others wait without any. */
const atOnce = 4

/** The messages around a seq, ascending, and whether there are more on either side. */
async function page(db: Db, reading: Reading, seq: number, above: number, below: number) {
  const before = await older(db, reading, seq, above)
  const after = await newer(db, reading, seq - 1, below)
  return {
    messages: [...before.messages.toReversed(), ...after.messages],
    has_more_before: before.more,
    has_more_after: after.more,
  }
}

export function list(app: FastifyInstance, { pool }: Server): void {
  const turns = createTurns(atOnce)
  route(app, listMessages, async ({ principal: { userId }, params: { id }, query }) => {
    const { before, after, around, limit = 50 } = query
    if ([before, after, around].filter((seq) => seq !== undefined).length > 1) {
      refuseField('/query', 'oneOf', 'takes only one of before, after and around')
    }
    const chat = await authorizeChat(pool, userId, id)
    const reading = { chat, userId }
    const half = Math.floor(limit / 2)
    return turns(userId, async () => {
      const found =
        around !== undefined
          ? await page(pool, reading, around, half, limit - half)
          : after !== undefined
            ? await page(pool, reading, after + 1, 0, limit)
            : await page(pool, reading, before ?? end, limit, 0)
      const senders = new Set(found.messages.map((message) => message.sender_id))
      return { ...found, users: await findSenders(pool, [...senders]) }
    })
  })
}
