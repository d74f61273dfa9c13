import { join } from 'node:path'

import { until } from '@parley/core/testing/until'
import { type Link, openLink } from '../network/link.ts'
import { stablePort } from '../network/ports.ts'
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
  /** The servers' data folder, with the master key. */
  dataDir: string
  links(): Link[]
  /** Everybody is ready, or has had their time: who does not come back is for the checks to tell. */
  ready(): Promise<void>
  stop(): Promise<void>
}

/** Longer than any recovery may take, in milliseconds. */
const readyWithin = 15_000

export const publicUrl = 'http://localhost:6688'

/** `folder` takes the data and the logs. */
export async function startCluster(folder: string, random: () => number): Promise<Cluster> {
  const stopping: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const one of stopping.splice(0).toReversed()) await one()
  }
  try {
    return { ...(await start(folder, random, stopping)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  folder: string,
  random: () => number,
  stopping: (() => Promise<void>)[],
): Promise<Omit<Cluster, 'stop'>> {
  const dataDir = join(folder, 'servers')
  const database = await startDatabase(folder)
  stopping.push(() => database.close())
  const open = async (name: string, port: number) => {
    const link = await openLink(name, port, random)
    stopping.push(() => link.stop())
    return link
  }
  async function server(name: ServerName) {
    const port = await stablePort()
    const front = await open(`clients>${name}`, port)
    const back = await open(`${name}>db`, database.port)
    const kind = name.startsWith('chat') ? ('chat' as const) : ('notify' as const)
    const process = serverProcess({
      name,
      kind,
      port,
      logFile: join(folder, `${name}.log`),
      nodeOptions: [],
      env: {
        DATABASE_URL: database.urlAt(back.port),
        PARLEY_DATA_DIR: dataDir,
        PARLEY_PUBLIC_URL: publicUrl,
        PARLEY_RATE_LIMITS: 'off',
        PARLEY_MESSAGE_MAX_LENGTH: '32000',
        [kind === 'chat' ? 'PARLEY_CHAT_PORT' : 'PARLEY_NOTIFY_PORT']: String(port),
      },
    })
    stopping.push(() => process.kill())
    return { process, front, back }
  }
  const all = {
    'chat-1': await server('chat-1'),
    'chat-2': await server('chat-2'),
    'notify-1': await server('notify-1'),
    'notify-2': await server('notify-2'),
  }
  // The first one makes the keys.
  await all['chat-1'].process.start()
  await Promise.all(serverNames.slice(1).map((name) => all[name].process.start()))
  const each = <K extends 'process' | 'front' | 'back'>(key: K) => ({
    'chat-1': all['chat-1'][key],
    'chat-2': all['chat-2'][key],
    'notify-1': all['notify-1'][key],
    'notify-2': all['notify-2'][key],
  })
  const [servers, front, back] = [each('process'), each('front'), each('back')]
  const side = {
    'notify-1': await open('slow>notify-1', servers['notify-1'].port),
    'notify-2': await open('slow>notify-2', servers['notify-2'].port),
  }
  return {
    database,
    servers,
    front,
    back,
    side,
    dataDir,
    links: () => [front, back, side].flatMap((some) => Object.values(some)),
    async ready() {
      for (const name of serverNames) {
        await until(() => servers[name].ready(), {
          timeoutMs: readyWithin,
          what: `${name} to be ready again`,
        }).catch(() => undefined)
      }
    },
  }
}
