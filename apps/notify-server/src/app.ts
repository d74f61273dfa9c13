import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { Socket } from 'node:net'
import { createClock } from '@parley/core/clock'
import type { Config } from '@parley/core/config/load'
import { createPool } from '@parley/core/db/pool'
import { watchPool } from '@parley/core/db/watch-pool'
import { runningDatabase } from '@parley/core/embedded/running'
import { type LogDestination, createLog } from '@parley/core/log'
import { allowedOrigins } from '@parley/core/http/origins'
import { createMetrics } from '@parley/core/metrics/metrics'
import { serveMetrics } from '@parley/core/metrics/serve'
import type { Server } from '@parley/core/process'
import { StartError } from '@parley/core/start-error'
import { createVerifier } from '@parley/core/tokens/verify'
import { createEncode } from './encode.ts'
import { createEphemeral } from './ephemeral/ephemeral.ts'
import { Hub } from './hub.ts'
import { createKeys } from './keys.ts'
import { startMaintenance } from './maintenance/maintenance.ts'
import { answerPreflight, prepare, sendJson, sendProblem } from './replies.ts'
import type { Stream } from './stream.ts'
import { watchStreams } from './stream-watch.ts'
import { createStreams } from './streams.ts'
import { createTail } from './tail.ts'

export type NotifyConfig = Pick<
  Config,
  | 'databaseUrl'
  | 'dataDir'
  | 'bind'
  | 'notifyPort'
  | 'notifyMetricsPort'
  | 'metricsBind'
  | 'publicUrl'
  | 'allowedOrigins'
  | 'eventRetentionDays'
  | 'poolSize'
  | 'logLevel'
> & {
  /** The same database for a role that only reads; as `databaseUrl` unless given. */
  databaseUrlNotify?: string | undefined
  /** Most streams at once; 20,000 unless given. */
  maxStreams?: number
  /** The time since some moment, in milliseconds, by a clock that nobody sets; `performance.now` unless given. */
  uptime?: () => number
  /** Where the lines of the log go; to the standard output unless given. */
  logTo?: LogDestination
}

/** Streams have no time limit in Node's eyes; all that comes before and between them is short. */
const limits = {
  headersTimeout: 8_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 5_000,
}

/** The event stream as a value: nothing runs before `start`. */
export function createNotifyServer(config: NotifyConfig): Server {
  const databaseUrl = databaseOf(config)
  const log = createLog('notify-server', config.logLevel, config.logTo)
  const db = createPool({ url: databaseUrl, max: config.poolSize, name: 'parley notify-server' })
  const slowDb = maintenancePool(databaseUrl)
  const metrics = createMetrics()
  watchPool(metrics, db)
  const open = new Set<Stream>()
  const watch = watchStreams(metrics, open)
  const encode = createEncode(log)
  const hub = new Hub(encode, open, watch)
  const clock = createClock()
  const keys = createKeys({ databaseUrl, db, log })
  const tail = createTail({ databaseUrl, clock, log, metrics, listener: hub })
  const uptime = config.uptime ?? (() => performance.now())
  const common = { db, log, hub, tail, clock, uptime, keys }
  const ephemeral = createEphemeral({ ...common, databaseUrl, metrics })
  const streams = createStreams({
    ...common,
    people: ephemeral,
    encode,
    watch,
    verifier: createVerifier(keys, clock, config.publicUrl, 'notify'),
    mostStreams: config.maxStreams ?? 20_000,
  })
  const origins = allowedOrigins(config)
  const server = createServer(limits, (request, response) => void answer(request, response))
  /** The connections of streams, and of those that ask for one. */
  const taken = new WeakSet<Socket>()
  let stopping = false
  let maintenance: ReturnType<typeof startMaintenance> | undefined
  let stopMetrics = (): Promise<void> => Promise.resolve()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Whoever follows the events has nothing else to ask on that connection: it would pile up.
    if (taken.has(request.socket)) return void request.socket.destroy()
    const id = prepare(request, response, origins)
    const url = URL.parse(request.url ?? '', 'http://notify')
    const known = url && ['/events', '/healthz', '/readyz'].includes(url.pathname)
    if (!known) return sendProblem(response, 'not_found', id)
    if (request.method === 'OPTIONS' && url.pathname === '/events') return answerPreflight(response)
    if (request.method !== 'GET') {
      return sendProblem(response, 'method_not_allowed', id, { allow: 'GET' })
    }
    if (url.pathname === '/healthz') return sendJson(response, 200, { status: 'alive' })
    if (url.pathname === '/events') {
      taken.add(request.socket)
      response.once('finish', () => taken.delete(request.socket))
      return streams.open(request, response, url.searchParams, id)
    }
    const ready = !stopping && tail.following()
    sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' })
  }

  return {
    async start() {
      // First: a server that waits for its database shows it there.
      stopMetrics = await serveMetrics(metrics, config.notifyMetricsPort, config.metricsBind)
      await tail.start()
      ephemeral.start()
      keys.start()
      maintenance = startMaintenance({ db: slowDb, log, retentionDays: config.eventRetentionDays })
      await listen(server, config)
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : config.notifyPort
      const host = config.bind.includes(':') ? `[${config.bind}]` : config.bind
      log.info({ port }, 'listening')
      return { url: `http://${host}:${port}` }
    },
    async stop() {
      stopping = true
      const closed = new Promise((resolve) => server.close(resolve))
      await streams.stop()
      server.closeAllConnections()
      await closed
      await ephemeral.stop()
      await keys.stop()
      await tail.stop()
      await maintenance?.stop()
      await Promise.all([db.close(), slowDb.close()])
      await stopMetrics()
    },
  }
}

function databaseOf({ databaseUrlNotify, databaseUrl, dataDir }: NotifyConfig): string {
  const url = databaseUrlNotify ?? databaseUrl ?? runningDatabase(dataDir, 'notify')
  if (url === undefined) throw new StartError('No database runs; `npm start` starts all.')
  return url
}

/** Its statements may take longer than those that people wait for, and are rare. */
const maintenancePool = (url: string) =>
  createPool({ url, max: 1, name: 'parley maintenance', statementTimeoutMs: 60_000 })

function listen(server: ReturnType<typeof createServer>, config: NotifyConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // Ten thousand clients that come back at once must not be refused by a short queue.
    server.listen({ port: config.notifyPort, host: config.bind, backlog: 4096 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
