import { listMessages } from '@parley/contract'
import { authorizeChat } from '@parley/core/access/authorize'
import type { Db } from '@parley/core/db/connection'
import { refuse, refuseField } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { createTurns } from '@parley/core/turns'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { type Reading, findMessage, findSenders, newer, older, seqAt } from './queries.ts'

/** Beyond any seq there is. */
const end = Number.MAX_SAFE_INTEGER
/** Pages that are read at once: each may have megabytes, and the others wait without any. */
const atOnce = 4
const places = ['before', 'after', 'around', 'around_message', 'around_time']

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

interface Place {
  around?: number
  around_message?: number
  around_time?: string
}

/** The seq that a page is to be around; undefined where it is not asked for by a place. */
async function placeOf(db: Db, reading: Reading, place: Place): Promise<number | undefined> {
  if (place.around_message !== undefined) {
    const message = await findMessage(db, reading, place.around_message)
    return (message ?? refuse('not_found')).seq
  }
  if (place.around_time === undefined) return place.around
  const time = new Date(place.around_time)
  if (Number.isNaN(time.getTime())) refuseField('/query/around_time', 'format', 'is no time')
  return seqAt(db, reading.chat.id, time)
}

export function list(app: FastifyInstance, { pool }: Server): void {
  const turns = createTurns(atOnce)
  route(app, listMessages, async ({ principal: { userId }, params: { id }, query }) => {
    const { limit = 50, ...place } = query
    const { before, after } = place
    if (Object.keys(place).length > 1) {
      refuseField('/query', 'oneOf', `takes only one of ${places.join(', ')}`)
    }
    const chat = await authorizeChat(pool, userId, id)
    const reading = { chat, userId }
    const half = Math.floor(limit / 2)
    return turns(userId, async () => {
      const around = await placeOf(pool, reading, place)
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
