import { Redis } from 'ioredis'
import type { Store } from './store.ts'

/** One sorted set: its members are keys, in base64url, their scores when they are full, in milliseconds. */
const set = 'parley:throttles'

/** By Redis' own clock, so that no two servers have to agree on theirs. */
const now = `local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
`

const adding = `${now}
local debts = {}
for n = 1, #ARGV, 2 do
  local full = math.max(now, tonumber(redis.call('ZSCORE', KEYS[1], ARGV[n]) or now))
  full = full + tonumber(ARGV[n + 1])
  redis.call('ZADD', KEYS[1], full, ARGV[n])
  debts[#debts + 1] = tostring(full - now)
end
return debts`

const listing = `${now}
local found = redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf', 'WITHSCORES')
for n = 2, #found, 2 do found[n] = tostring(found[n] - now) end
return found`

const sweeping = `${now}
return redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)`

/** How long it may take to answer, in milliseconds, before somebody else is asked. */
const patience = 500

/** Debts in Redis, which is looked for from the first `all` on. What it does not answer in time is an error. */
export function redisStore(url: string): Store & { close(): void } {
  const redis = new Redis(url, {
    connectionName: 'parley throttles',
    connectTimeout: patience,
    commandTimeout: patience,
    // Whoever asks has another one to ask.
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  })
  // What matters of it is told by the next command.
  redis.on('error', () => undefined)
  const run = async (script: string, ...values: (string | number)[]): Promise<string[]> => {
    const answer: unknown = await redis.eval(script, 1, set, ...values)
    return Array.isArray(answer) ? answer.map(String) : []
  }
  return {
    async add(debts) {
      const values = debts.flatMap(({ key, ms }) => [key.toString('base64url'), ms])
      return (await run(adding, ...values)).map(Number)
    },
    async all() {
      // Goes on trying by itself where this fails.
      if (redis.status === 'wait') await redis.connect()
      const found = await run(listing)
      return found.flatMap((text, at) =>
        at % 2 === 0 ? [{ key: Buffer.from(text, 'base64url'), ms: Number(found[at + 1]) }] : [],
      )
    },
    async sweep() {
      await run(sweeping)
    },
    close: () => redis.disconnect(),
  }
}
