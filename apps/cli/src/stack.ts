import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '@parley/core/config/load'
import { openDataFolder } from '@parley/core/data-folder'
import { variable } from '@parley/core/config/settings'
import { migrate } from '@parley/core/db/migrate'
import { serverRoles } from '@parley/core/db/roles'
import { requireUnused } from '@parley/core/embedded/running'
import { loadSecrets } from '@parley/core/secrets'
import { databasePart } from './database-part.ts'
import { firstToken } from './first-start.ts'
import { logFile } from './supervisor/log-file.ts'
import type { Part } from './supervisor/part.ts'
import { type Place, requireFreePort } from './supervisor/ports.ts'
import { programPart } from './supervisor/program.ts'
import type { Supervisor } from './supervisor/supervisor.ts'
import { buildWebClient } from './web-client.ts'

/** The files that Node runs. */
export interface Programs {
  chat: string
  notify: string
  /** Builds the web client, before the servers start. */
  build?: string
  /** Serves it from its sources, beside the servers. */
  dev?: string
}

/**
 * MiB of a half of V8's young generation, of the chat-server alone. What Node takes by itself, up to 64 in all, is
 * filled by any crowd before the first of it is given back; see docs/decisions/0029-young-objects.md.
 */
const youngHeap = '--max-semi-space-size=4'

/** Where the web client is while somebody works on it. */
export const devAddress = 'http://localhost:1420'

const servers = (): Programs => ({
  chat: fileURLToPath(import.meta.resolve('@parley/chat-server/main')),
  notify: fileURLToPath(import.meta.resolve('@parley/notify-server/main')),
})

const own = (): Programs => ({
  ...servers(),
  build: fileURLToPath(import.meta.resolve('@parley/web/build')),
})

export const devPrograms = (): Programs => ({
  ...servers(),
  dev: fileURLToPath(import.meta.resolve('@parley/web/dev')),
})

/**
 * Everything that `parley start` starts, in order. Returns when both servers are ready, with the secret
 * of a setup link where nobody administers the instance.
 */
export async function startStack(
  config: Config,
  supervisor: Supervisor,
  programs: Programs = own(),
): Promise<string | undefined> {
  const dataDir = openDataFolder(config.dataDir)
  // Before the ports: when this Parley runs already, that is the better explanation.
  if (config.databaseUrl === undefined) requireUnused(dataDir)
  for (const place of places(config)) await requireFreePort(place)
  loadSecrets(config)
  const log = (name: string): ((text: string) => void) =>
    logFile(join(dataDir, 'logs', `${name}.log`))
  const [urls] = await Promise.all([
    ownDatabase(config) ?? startDatabase(supervisor, dataDir, log('postgres')),
    programs.build === undefined ? undefined : buildWebClient(programs.build),
  ])
  await migrate(urls.owner, serverRoles(config))
  const server = (
    name: string,
    file: string,
    port: number,
    databaseUrl: string,
    nodeOptions: readonly string[] = [],
  ): Part =>
    programPart({
      name: `The ${name} server`,
      file,
      env: { ...withoutDatabase(), DATABASE_URL: databaseUrl },
      nodeOptions,
      readyUrl: `http://${reachableHost(config.bind)}:${port}/readyz`,
      log: log(`${name}-server`),
    })
  const dev = (file: string): Part =>
    programPart({
      name: 'The web client',
      file,
      env: {
        ...withoutDatabase(),
        PARLEY_API: `http://${reachableHost(config.bind)}:${config.chatPort}`,
      },
      readyUrl: devAddress,
      log: log('web'),
    })
  await supervisor.start(
    server('chat', programs.chat, config.chatPort, urls.app, [youngHeap]),
    server('notify', programs.notify, config.notifyPort, urls.notify),
    ...(programs.dev === undefined ? [] : [dev(programs.dev)]),
  )
  return firstToken(urls.owner)
}

/** Where the servers listen. */
function places(config: Config): Place[] {
  const main = { bind: config.bind, bindVariable: 'PARLEY_BIND' }
  const metrics = { bind: config.metricsBind, bindVariable: 'PARLEY_METRICS_BIND' }
  return [
    { ...main, port: config.chatPort, variable: 'PARLEY_CHAT_PORT' },
    { ...main, port: config.notifyPort, variable: 'PARLEY_NOTIFY_PORT' },
    { ...metrics, port: config.chatMetricsPort, variable: 'PARLEY_CHAT_METRICS_PORT' },
    { ...metrics, port: config.notifyMetricsPort, variable: 'PARLEY_NOTIFY_METRICS_PORT' },
  ].filter(({ port }) => port !== 0)
}

async function startDatabase(
  supervisor: Supervisor,
  dataDir: string,
  log: (text: string) => void,
): Promise<DatabaseUrls> {
  const { part, url } = databasePart(dataDir, log)
  await supervisor.start(part)
  return { owner: url('owner'), app: url('app'), notify: url('notify') }
}

/** The database by whom it is used. */
type DatabaseUrls = Record<'owner' | 'app' | 'notify', string>

/** The operator's; one role does everything where they name no other. */
function ownDatabase({
  databaseUrl,
  databaseUrlMigrate,
  databaseUrlNotify,
}: Config): DatabaseUrls | undefined {
  if (databaseUrl === undefined) return undefined
  return {
    owner: databaseUrlMigrate ?? databaseUrl,
    app: databaseUrl,
    notify: databaseUrlNotify ?? databaseUrl,
  }
}

/** What a program inherits: no way to the database but the one that it is given. */
function withoutDatabase(): NodeJS.ProcessEnv {
  const names = new Set(['databaseUrl', 'databaseUrlMigrate', 'databaseUrlNotify'].map(variable))
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.has(name)))
}

/** "All addresses" is not one that can be asked. */
function reachableHost(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1'
  if (bind === '::') return '[::1]'
  return bind.includes(':') ? `[${bind}]` : bind
}
