import { getChatPresence } from '@parley/contract'
import { authorizeChat } from '@parley/core/access/authorize'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { memberIds } from './people.ts'

/** For how long a count is good, in milliseconds. */
const freshMs = 10_000
/** Counts that are kept at the most. */
const most = 1000

interface Count {
  online_count: number
  member_count: number
}

/** How many of a chat's members are there: in a large one nobody is told more than that. */
export function online(app: FastifyInstance, { pool, presence }: Server): void {
  const counts = new Map<number, { at: number; count: Promise<Count> }>()

  async function count(chatId: number): Promise<Count> {
    const ids = await memberIds(pool, chatId)
    const there = ids.filter((id) => presence.activity(id) !== undefined)
    return { online_count: there.length, member_count: ids.length }
  }

  /** Those who look at the same moment share the work. */
  function recent(chatId: number): Promise<Count> {
    const now = performance.now()
    const known = counts.get(chatId)
    if (known !== undefined && known.at > now - freshMs) return known.count
    const fresh = { at: now, count: count(chatId) }
    fresh.count.catch(() => counts.get(chatId) === fresh && counts.delete(chatId))
    counts.delete(chatId)
    counts.set(chatId, fresh)
    for (const oldest of counts.keys()) {
      if (counts.size <= most) break
      counts.delete(oldest)
    }
    return fresh.count
  }

  route(app, getChatPresence, async ({ principal: { userId }, params: { id } }) => {
    await authorizeChat(pool, userId, id)
    return recent(id)
  })
}
