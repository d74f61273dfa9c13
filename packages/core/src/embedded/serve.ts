import { setTimeout as delay } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import type { Account } from './account.ts'
import { program } from './binaries.ts'
import { explain, portTaken, stillInUse } from './failure.ts'
import { freePort } from '../free-port.ts'
import { guard } from './guard.ts'
import { identify } from './identity.ts'
import { clusterArgument, ended, launch, listen } from './launch.ts'
import type { Paths } from './paths.ts'
import { untilReady } from './ready.ts'
import { record } from './running.ts'
import { type Settings, settingArguments } from './settings.ts'
import { type StopMode, stopper } from './stop.ts'
import { type EmbeddedRole, urlOf } from './url.ts'

export interface Postgres {
  /** `postgres://…`, with the password; the superuser's. */
  url: string
  /** The same for another role. */
  urlFor(role: EmbeddedRole): string
  port: number
  pid: number
  /** `fast` writes everything down first; `immediate` leaves that to the next start's recovery. */
  stop(mode?: StopMode): Promise<void>
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<void>
}

interface Serve {
  native: string
  places: Paths
  account: Account | undefined
  password: string
  port?: number
  settings?: Settings
  log?: (text: string) => void
}

/** Longest wait for a killed server's last processes, in milliseconds. */
const lingering = 10_000

/** Runs the server; again when its port went to somebody else or an old process still lingers. */
export async function serve(options: Serve): Promise<Postgres> {
  const deadline = performance.now() + lingering
  for (;;) {
    const port = options.port ?? (await freePort())
    const result = await attempt(options, port)
    if (typeof result !== 'string') return result
    const again = stillInUse(result) || (portTaken(result) && options.port === undefined)
    if (!again || performance.now() > deadline) {
      if (portTaken(result))
        throw new StartError(`Port ${port} for PostgreSQL is taken by another program.`)
      throw explain(result, options.places.cluster)
    }
    await delay(100)
  }
}

/** The server when it answers, or what it wrote before it gave up. */
async function attempt(options: Serve, port: number): Promise<Postgres | string> {
  const { native, places, account, password } = options
  const args = ['-D', clusterArgument(places.cluster, account), '-p', String(port)]
  const child = launch(
    program(native, 'postgres'),
    [...args, ...settingArguments(options.settings)],
    places.cluster,
    account,
  )
  const output = listen(child, options.log)
  let alive = true
  let failure = ''
  const exited = (async () => {
    const { error } = await ended(child)
    alive = false
    failure = error?.message ?? ''
  })()
  if (child.pid === undefined) {
    await exited
    return failure
  }
  record(places.running, { port, postmaster: identify(child.pid) })
  const watch = guard(child.pid, account)
  void exited.then(watch.dismiss)
  const stop = stopper(child, exited)
  try {
    await untilReady({ cluster: places.cluster, pid: child.pid, port, password }, () => alive)
  } catch (error) {
    await stop()
    throw error
  }
  if (!alive) return output()
  const urlFor = (role: EmbeddedRole): string => urlOf(port, password, role)
  return { url: urlFor('superuser'), urlFor, port, pid: child.pid, stop, exited }
}
