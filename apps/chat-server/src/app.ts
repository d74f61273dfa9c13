import { join } from 'node:path'
import cookie from '@fastify/cookie'
import { hasAdmin } from '@parley/core/access/administrator'
import { readClock } from '@parley/core/clock'
import type { Config } from '@parley/core/config/load'
import { type Pool, createPool } from '@parley/core/db/pool'
import { sql } from '@parley/core/db/sql'
import { requireTokens } from '@parley/core/http/auth'
import { createLimiter } from '@parley/core/http/limits'
import { watchProxies } from '@parley/core/http/proxies'
import { createHttpServer } from '@parley/core/http/server'
import { type Logger, createLog } from '@parley/core/log'
import { openMail } from '@parley/core/mail/mail'
import { type Metrics, createMetrics } from '@parley/core/metrics/metrics'
import { serveMetrics } from '@parley/core/metrics/serve'
import { createPasswordPool } from '@parley/core/passwords/pool'
import { followPresence } from '@parley/core/presence/presence'
import type { Server as Lifecycle } from '@parley/core/process'
import { loadSecrets } from '@parley/core/secrets'
import { createPartials } from '@parley/core/storage/partials'
import { openStorage } from '@parley/core/storage/open'
import { StartError } from '@parley/core/start-error'
import { openThrottle } from '@parley/core/throttle/open'
import { followKeys } from '@parley/core/tokens/follow-keys'
import { createKeySet } from '@parley/core/tokens/key-set'
import { createSigner } from '@parley/core/tokens/keys'
import { followRevocations } from '@parley/core/tokens/revocations'
import { createVerifier } from '@parley/core/tokens/verify'
import { createMedia } from '@parley/media'
import { startAnchoring } from './audit/anchor.ts'
import { startPruning } from './audit/prune.ts'
import { administration } from './administration/routes.ts'
import { accounts } from './accounts/routes.ts'
import { chats } from './chats/routes.ts'
import { allowPages } from './cors.ts'
import { exports } from './exports/routes.ts'
import { documents } from './documents/routes.ts'
import { events } from './events/routes.ts'
import { startCleaning } from './files/cleaning/clean.ts'
import { startLooking } from './files/looking/start.ts'
import { createPictures } from './files/pictures/pictures.ts'
import { files } from './files/routes.ts'
import { instance } from './instance/routes.ts'
import { published } from './keys/routes.ts'
import { startRotation } from './keys/schedule.ts'
import { messages } from './messages/routes.ts'
import { users } from './users/routes.ts'
import type { Server } from './server.ts'
import { startDelivering } from './mail/deliver.ts'
import { watchLimits, watchServer, watchWriters } from './watch.ts'
import { web } from './web/routes.ts'
import { workspaces } from './workspaces/routes.ts'

/** Where files are kept, and what looks into them. */
async function openFiles(config: Config, pool: Pool, log: Logger) {
  const storage = await openStorage(config)
  const partials = createPartials(join(config.dataDir, 'files', 'uploads'))
  const keeper = { pool, storage, log }
  const media = createMedia()
  const looking = startLooking(keeper, media)
  return { storage, partials, looking, pictures: createPictures(keeper, media) }
}

const modules = [
  instance,
  published,
  users,
  workspaces,
  chats,
  messages,
  events,
  exports,
  administration,
]

/** What signs tokens, and what checks them. The first server of an installation makes the first key. */
async function openKeys(url: string, pool: Pool, masterKey: Buffer, log: Logger) {
  const signing = createSigner(pool, masterKey)
  await signing()
  const keys = createKeySet(pool)
  const failed = (error: unknown): void => log.warn({ err: error }, 'the keys cannot be followed')
  const following = followKeys({ url, keys, failed })
  return { signing, keys, stop: () => following.stop() }
}

/** Who is there, for those who ask: it tells nobody by itself. */
const openPresence = (url: string, log: Logger) =>
  followPresence({
    url,
    name: 'parley presence',
    host: false,
    uptime: () => performance.now(),
    changed: () => undefined,
    heard: () => undefined,
    failed: (error) => log.warn({ err: error }, 'who is there cannot be followed'),
  })

/** What sends mail, where there is a way for it. */
function openPost(office: Omit<Parameters<typeof startDelivering>[0], 'mail'>) {
  const mail = openMail(office.config, office.log)
  return mail && startDelivering({ ...office, mail })
}

interface Serving {
  pool: Pool
  metrics: Metrics
  log: Logger
}

const createHttp = (config: Config, { pool, metrics, log }: Serving) =>
  createHttpServer({
    log,
    answered: metrics.answers('parley_http_request_seconds', 'Requests and the time they took.'),
    // Room for the longest message with every character escaped as a surrogate pair.
    bodyLimit: Math.max(128 * 1024, config.messageMaxLength * 12 + 4096),
    trustedProxies: config.trustedProxies,
    secure: config.publicUrl.startsWith('https:'),
    ready: async () => (await pool.one(sql<{ ok: number }>`select 1 as ok`)).ok === 1,
  })

/** What goes on beside the requests. */
const startUpkeep = (server: Server): (() => Promise<void>)[] =>
  [startCleaning, startRotation, startAnchoring, startPruning].map((start) => start(server))

/** The chat-server: the HTTP API. */
export function createChatServer(config: Config): Lifecycle {
  const closing: (() => Promise<void>)[] = []

  async function start(): Promise<{ url: string }> {
    if (config.databaseUrl === undefined)
      throw new StartError('The chat server needs DATABASE_URL.')
    const log = createLog('chat-server', config.logLevel)
    const { masterKey, addressKeys } = loadSecrets(config)
    const metrics = createMetrics()
    closing.push(await serveMetrics(metrics, config.chatMetricsPort, config.metricsBind))
    const pool = createPool({
      url: config.databaseUrl,
      max: config.poolSize,
      name: 'parley chat-server',
    })
    closing.push(() => pool.close())
    const { signing, keys, stop } = await openKeys(config.databaseUrl, pool, masterKey, log)
    closing.push(stop)
    const clock = await readClock(pool)
    const passwords = createPasswordPool()
    closing.push(() => passwords.close())
    const revocations = followRevocations({
      url: config.databaseUrl,
      db: pool,
      clock,
      failed: (error) => log.warn({ err: error }, 'the revocations cannot be followed'),
    })
    closing.push(() => revocations.stop())
    const presence = openPresence(config.databaseUrl, log)
    closing.push(() => presence.stop())
    watchServer(metrics, { pool, passwords, revocations, presence })
    const refused = watchLimits(metrics)
    const throttle = await openThrottle({ config, db: pool, masterKey, log, refused })
    closing.push(async () => throttle?.stop())

    const app = createHttp(config, { pool, metrics, log })
    closing.push(() => app.close())
    watchProxies(app, log)
    await allowPages(app, config)
    await app.register(cookie)
    const verifier = createVerifier(keys, clock, config.publicUrl, 'api')
    requireTokens(app, pool, { verifier, revocations, limiter: createLimiter(throttle) })

    const watchWriter = watchWriters(metrics)
    const kept = await openFiles(config, pool, log)
    closing.push(() => kept.looking.stop())
    const post = openPost({ config, pool, masterKey, log })
    closing.push(async () => post?.stop())
    const server = {
      post,
      config,
      pool,
      masterKey,
      addressKeys,
      passwords,
      throttle,
      ...kept,
      presence,
      signing,
      keys,
      clock,
      log,
      watchWriter,
    }
    await accounts(app, server)
    for (const module of modules) module(app, server)
    await files(app, server)
    closing.push(...startUpkeep(server))
    await documents(app, server)
    await web(app, server)
    const url = await app.listen({ port: config.chatPort, host: config.bind })
    log.info({ url }, 'serving')
    if (!(await hasAdmin(pool)))
      log.warn('nobody administers the instance: parley admin setup-link makes a link for that')
    return { url }
  }

  return {
    start,
    /** Finishes the requests under way, then lets go of everything, last opened first. */
    async stop() {
      for (const close of closing.splice(0).toReversed()) await close()
    },
  }
}
