import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChatServer } from '@parley/chat-server'
import { type Config, loadConfig } from '@parley/core/config/load'
import { type Pool, createPool } from '@parley/core/db/pool'
import type { TestDatabase } from '@parley/core/testing/database'
import { freePort } from '@parley/core/testing/free-port'
import { createNotifyServer } from '@parley/notify-server'
import { type Client, createClient } from '@parley/sdk'

export interface Stack {
  databaseUrl: string
  sql: Pool
  chatUrls: string[]
  /** The event streams of each notify-server. */
  eventsUrls: string[]
  /** What each further server of this stack is started with. */
  env(): Promise<Record<string, string>>
  client(at?: { chat?: number; notify?: number }): Client
  stop(): Promise<void>
}

/** Servers as values in this process, over a database that goes with them. */
export async function startOver(
  database: Pick<TestDatabase, 'url' | 'drop'> & Partial<TestDatabase>,
  servers: { chat?: number; notify?: number } = {},
  settings: Record<string, string> = {},
): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-stack-'))
  const sql = createPool({ url: database.url, max: 4, name: 'test' })
  const stopping: (() => Promise<void>)[] = []

  const env = async () => ({
    DATABASE_URL: database.appUrl ?? database.url,
    PARLEY_DATABASE_URL_NOTIFY: database.notifyUrl ?? database.url,
    PARLEY_DATABASE_URL_MIGRATE: database.url,
    PARLEY_DATA_DIR: dataDir,
    PARLEY_PUBLIC_URL: 'http://localhost:6688',
    PARLEY_CHAT_PORT: String(await freePort()),
    PARLEY_NOTIFY_PORT: String(await freePort()),
    PARLEY_LOG_LEVEL: 'silent',
    PARLEY_RATE_LIMITS: 'off',
    ...settings,
  })
  type Create = (config: Config) => { start(): Promise<{ url: string }>; stop(): Promise<void> }
  async function start(count: number, create: Create): Promise<string[]> {
    const urls: string[] = []
    for (let n = 0; n < count; n++) {
      const server = create(loadConfig(await env()))
      urls.push((await server.start()).url)
      stopping.push(() => server.stop())
    }
    return urls
  }

  const chatUrls = await start(servers.chat ?? 1, createChatServer)
  const eventsUrls = (await start(servers.notify ?? 1, createNotifyServer)).map(
    (url) => `${url}/events`,
  )
  return {
    databaseUrl: database.url,
    sql,
    chatUrls,
    eventsUrls,
    env,
    client: ({ chat = 0, notify = 0 } = {}) =>
      createClient({ url: chatUrls[chat] ?? '', eventsUrl: eventsUrls[notify] ?? '' }),
    async stop() {
      for (const stop of stopping.toReversed()) await stop()
      await sql.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
