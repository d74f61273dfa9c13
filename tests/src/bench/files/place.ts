import { existsSync, readFileSync } from 'node:fs'
import { type Client, createClient } from '@parley/sdk'
import { startParley } from '../../stack/parley.ts'

const password = 'correct horse battery staple'

export interface Place {
  url: string
  bob: Client
  token: string
  /** The most memory that the chat-server had while work was done above what it had before, in MiB. */
  growth(work: () => Promise<void>): Promise<number>
  stop(): Promise<void>
}

/** Servers of their own: what memory they have depends on what they did before. */
export async function placeForFiles(): Promise<Place> {
  const parley = await startParley({
    PARLEY_RATE_LIMITS: 'off',
    PARLEY_LOG_LEVEL: 'warn',
    PARLEY_MAX_FILE_SIZE: '300 MiB',
  })
  const bob = createClient({ url: parley.url })
  const account = { username: 'bob', email: 'bob@example.org', password }
  await bob.signUp({ body: { ...account, workspace: 'files' } })
  const status = `/proc/${parley.pid('chat-server')}/status`
  /** Only Linux tells. */
  const used = (): number =>
    existsSync(status)
      ? Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))?.[1]) / 1024
      : Number.NaN
  return {
    url: parley.url,
    bob,
    token: bob.tokens().token ?? '',
    async growth(work) {
      const before = used()
      let most = before
      const timer = setInterval(() => (most = Math.max(most, used())), 20)
      await work()
      clearInterval(timer)
      return most - before
    },
    stop: async () => void (await parley.stop()),
  }
}
