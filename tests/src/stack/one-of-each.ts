import { createChatServer } from '@parley/chat-server'
import { type Config, loadConfig } from '@parley/core/config/load'
import { freePort } from '@parley/core/testing/free-port'
import { createNotifyServer } from '@parley/notify-server'

type Part = 'chat' | 'notify'

/** A chat-server and a notify-server that come and go, each always at the same address. */
export interface OneOfEach {
  url: string
  eventsUrl: string
  start(...parts: Part[]): Promise<void>
  stop(...parts: Part[]): Promise<void>
}

/** `databaseUrl` leads to the database of the moment; `dataDir` holds the keys. */
export async function oneOfEach(databaseUrl: string, dataDir: string): Promise<OneOfEach> {
  const [chat, notify] = [await freePort(), await freePort()]
  const config = (): Config =>
    loadConfig({
      DATABASE_URL: databaseUrl,
      PARLEY_DATA_DIR: dataDir,
      PARLEY_PUBLIC_URL: 'http://localhost:6688',
      PARLEY_CHAT_PORT: String(chat),
      PARLEY_NOTIFY_PORT: String(notify),
      PARLEY_LOG_LEVEL: 'silent',
      PARLEY_RATE_LIMITS: 'off',
    })
  const create = { chat: createChatServer, notify: createNotifyServer }
  const running = new Map<Part, { stop(): Promise<void> }>()
  return {
    url: `http://127.0.0.1:${chat}`,
    eventsUrl: `http://127.0.0.1:${notify}/events`,
    async start(...parts) {
      for (const part of parts) {
        const server = create[part](config())
        running.set(part, server)
        await server.start()
      }
    },
    async stop(...parts) {
      for (const part of parts) {
        await running.get(part)?.stop()
        running.delete(part)
      }
    },
  }
}
