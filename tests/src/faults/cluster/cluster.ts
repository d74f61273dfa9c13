import { join } from 'node:path'
import { freePort } from '@parley/core/testing/free-port'
import { until } from '@parley/core/testing/until'
import { type Link, openLink } from '../network/link.ts'
import { type Database, startDatabase } from './database.ts'
import { type ServerProcess, serverProcess } from './server.ts'

export type ChatName = 'chat-1' | 'chat-2'
export type NotifyName = 'notify-1' | 'notify-2'
export type ServerName = ChatName | NotifyName

export const chatNames: readonly [ChatName, ChatName] = ['chat-1', 'chat-2']
export const notifyNames: readonly [NotifyName, NotifyName] = ['notify-1', 'notify-2']
export const serverNames: readonly [ServerName, ...ServerName[]] = [...chatNames, ...notifyNames]

/** Two chat-servers, two notify-servers and PostgreSQL, each a process behind links of its own. */
export interface Cluster {
  database: Database
  servers: Record<ServerName, ServerProcess>
  /** From clients to a server. */
  front: Record<ServerName, Link>
  /** From a server to the database. */
  back: Record<ServerName, Link>
  /** A second way to the notify-servers, for readers who are slow. */
  side: Record<NotifyName, Link>
  links(): Link[]
  /** Everybody is ready. */
  ready(): Promise<void>
  stop(): Promise<void>
}

export const publicUrl = 'http://localhost:6688'

/** `folder` takes the data and the logs. */
export async function startCluster(folder: string, random: () => number): Promise<Cluster> {
  const database = await startDatabase(folder)
  async function server(name: ServerName) {
    const port = await freePort()
    const front = await openLink(`clients>${name}`, port, random)
    const back = await openLink(`${name}>db`, database.port, random)
    const kind = name.startsWith('chat') ? ('chat' as const) : ('notify' as const)
    const process = serverProcess({
      name,
      kind,
      port,
      logFile: join(folder, `${name}.log`),
      nodeOptions: [],
      env: {
        DATABASE_URL: database.urlAt(back.port),
        PARLEY_DATA_DIR: join(folder, 'servers'),
        PARLEY_PUBLIC_URL: publicUrl,
        PARLEY_RATE_LIMITS: 'off',
        [kind === 'chat' ? 'PARLEY_CHAT_PORT' : 'PARLEY_NOTIFY_PORT']: String(port),
      },
    })
    return { process, front, back }
  }
  const chat1 = await server('chat-1')
  // The first one makes the keys.
  await chat1.process.start()
  const [chat2, notify1, notify2] = await Promise.all([
    server('chat-2'),
    server('notify-1'),
    server('notify-2'),
  ])
  await Promise.all([chat2, notify1, notify2].map(({ process }) => process.start()))
  const side = {
    'notify-1': await openLink('slow>notify-1', notify1.process.port, random),
    'notify-2': await openLink('slow>notify-2', notify2.process.port, random),
  }
  const all = { 'chat-1': chat1, 'chat-2': chat2, 'notify-1': notify1, 'notify-2': notify2 }
  const each = <K extends 'process' | 'front' | 'back'>(key: K) => ({
    'chat-1': all['chat-1'][key],
    'chat-2': all['chat-2'][key],
    'notify-1': all['notify-1'][key],
    'notify-2': all['notify-2'][key],
  })
  const cluster: Cluster = {
    database,
    servers: each('process'),
    front: each('front'),
    back: each('back'),
    side,
    links: () => [
      ...Object.values(cluster.front),
      ...Object.values(cluster.back),
      ...Object.values(side),
    ],
    async ready() {
      for (const name of serverNames) {
        await until(() => cluster.servers[name].ready(), {
          timeoutMs: 30_000,
          what: `${name} to be ready again`,
        })
      }
    },
    async stop() {
      await Promise.all(serverNames.map((name) => cluster.servers[name].kill()))
      await Promise.all(cluster.links().map((link) => link.stop()))
      await database.close()
    },
  }
  return cluster
}
