import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createChatServer } from '@parley/chat-server'
import { type Config, loadConfig } from '@parley/core/config/load'
import { createTestDatabase } from '@parley/core/testing/database'
import { freePort } from '@parley/core/testing/free-port'

export interface ChatServer {
  url: string
  port: number
  config: Config
  /** The settings in words, for a server in another process. */
  environment: Record<string, string>
  /** For what a test does by hand. */
  databaseUrl: string
  stop(): Promise<void>
}

/** Settings for a chat-server on free ports, over a database and a data folder of its own. */
export async function environmentFor(more: Record<string, string> = {}) {
  const [database, dataDir] = await Promise.all([
    createTestDatabase(),
    mkdtemp(join(tmpdir(), 'parley-input-')),
  ])
  const environment = {
    DATABASE_URL: database.appUrl,
    PARLEY_DATABASE_URL_NOTIFY: database.notifyUrl,
    PARLEY_CHAT_PORT: String(await freePort()),
    PARLEY_NOTIFY_PORT: String(await freePort()),
    PARLEY_DATA_DIR: dataDir,
    PARLEY_LOG_LEVEL: 'silent',
    PARLEY_RATE_LIMITS: 'off',
    ...more,
  }
  const clean = async (): Promise<void> => {
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { environment, clean, databaseUrl: database.url }
}

/** A chat-server in this process. */
export async function startChat(more: Record<string, string> = {}): Promise<ChatServer> {
  const { environment, clean, databaseUrl } = await environmentFor(more)
  const config = loadConfig(environment)
  const server = createChatServer(config)
  const { url } = await server.start()
  return {
    url,
    port: config.chatPort,
    config,
    environment,
    databaseUrl,
    async stop() {
      await server.stop()
      await clean()
    },
  }
}

export interface RawReply {
  status: number
  headers: Map<string, string>
  body: string
}

/**
 * Sends bytes as they are. What comes back until the server closes, or until as many replies came as
 * are expected.
 */
export function sendRaw(
  port: number,
  bytes: string | Buffer,
  { replies = Infinity, end = false } = {},
): Promise<RawReply[]> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      if (end) socket.end()
    })
    socket.setEncoding('latin1')
    socket.on('data', (part: string) => {
      text += part
      if (parseReplies(text).length >= replies) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(parseReplies(text)))
  })
}

/** Complete replies with a content-length, in their order. */
function parseReplies(text: string): RawReply[] {
  const replies: RawReply[] = []
  let rest = text
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1]
    if (end < 0 || status === undefined) return replies
    const headers = new Map(
      rest
        .slice(0, end)
        .split('\r\n')
        .slice(1)
        .map((line) => {
          const colon = line.indexOf(':')
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
        }),
    )
    const length = Number(headers.get('content-length') ?? 0)
    const body = rest.slice(end + 4, end + 4 + length)
    if (body.length < length) return replies
    replies.push({ status: Number(status), headers, body })
    rest = rest.slice(end + 4 + length)
  }
}
