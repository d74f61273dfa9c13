import { setTimeout as delay } from 'node:timers/promises'
import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import { type Cluster, startCluster } from '../cluster/cluster.ts'
import type { History, Plan } from '../history/entry.ts'
import { type Crowds, crowdsOf } from '../crowd/crowd.ts'
import { type Recorder, createRecorder } from '../history/recorder.ts'
import { type Load, prepareLoad } from '../load/load.ts'
import { type Turn, play } from '../nemesis/schedule.ts'
import { createRandom } from '../random.ts'
import { readFinal } from './final.ts'
import { startSamples } from './samples.ts'

/** How long clients go on after the last fault, in milliseconds: all must be as usual well before. */
const healMs = 4000
/** How long the last events may take to reach everybody, in milliseconds. */
const quiesceMs = 20_000

export interface RunOptions {
  plan: Plan
  /** What goes wrong, in this order. */
  turns: readonly Turn[]
  /** Takes the data and the logs of all processes. */
  folder: string
  /** Before everything is stopped: the database still runs. */
  whileRunning?(cluster: Cluster, history: History, played: readonly Turn[]): Promise<void>
}

/** One run, from nothing to a whole history: load with faults, heal, quiesce, final reads. */
export async function run(options: RunOptions): Promise<History> {
  const { plan, turns, folder } = options
  const random = createRandom(plan.seed)
  const network = random.fork('network')
  const cluster = await startCluster(folder, network.next)
  try {
    const recorder = createRecorder()
    const load = await prepareLoad({
      cluster,
      recorder,
      random: random.fork('load'),
      clients: plan.clients,
    })
    const crowds = crowdsOf(cluster, load)
    try {
      const field = { cluster, load, crowds, recorder, random: random.fork('nemesis') }
      const played = await inTime(phases(field, plan, turns), limitMs(plan, turns))
      const final = await readFinal(cluster, load)
      const history = { plan, entries: [...recorder.entries], final }
      await options.whileRunning?.(cluster, history, played)
      return history
    } finally {
      await crowds.close()
      load.close()
    }
  } finally {
    await cluster.stop()
  }
}

/** How long a run may take before something in it hangs, in milliseconds: much longer than it does. */
function limitMs({ seconds }: Plan, turns: readonly Turn[]): number {
  const lane = (background: boolean) =>
    turns
      .filter(({ fault }) => Boolean(fault.background) === background)
      .reduce((sum, { fault }) => sum + fault.seconds, 0)
  return 1000 * (120 + 3 * Math.max(seconds, lane(true), lane(false)))
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = new AbortController()
  const hangs = async () => {
    await delay(ms, undefined, { signal: late.signal })
    throw new Error(`The run was not over after ${Math.round(ms / 1000)} s.`)
  }
  try {
    return await Promise.race([work, hangs()])
  } finally {
    late.abort()
  }
}

interface Running {
  cluster: Cluster
  load: Load
  crowds: Crowds
  recorder: Recorder
  random: ReturnType<typeof createRandom>
}

async function phases(field: Running, plan: Plan, turns: readonly Turn[]): Promise<Turn[]> {
  const { cluster, load, crowds, recorder } = field
  await until(() => load.readers.every((reader) => reader.live()), { what: 'all to be live' })
  const samples = startSamples(cluster, crowds, recorder)
  try {
    await samples.thorough()
    recorder.record({ type: 'phase', phase: 'load' })
    load.begin()
    await delay(1000)
    const played = await play(field, turns, plan.seconds)
    recorder.record({ type: 'phase', phase: 'heal' })
    for (const link of cluster.links()) link.heal()
    await delay(healMs)
    recorder.record({ type: 'phase', phase: 'quiesce' })
    await load.end()
    await caughtUp(field).catch(() => undefined)
    await quiet(field).catch(() => undefined)
    await samples.thorough()
    recorder.record({ type: 'phase', phase: 'final' })
    return played
  } finally {
    samples.stop()
  }
}

/** Every reader has the last event of every topic that they are in. What is missing then, the checker names. */
const caughtUp = ({ cluster, load }: Running): Promise<unknown> =>
  until(
    async () => {
      const last = await lastSeqs(cluster)
      return load.readers.every(
        (reader) =>
          reader.live() &&
          last.every((one) => one.user !== reader.user || reader.seqOf(one.topic) >= one.last_seq),
      )
    },
    { timeoutMs: quiesceMs, what: 'everybody to have everything' },
  )

interface Last {
  user: number
  topic: string
  last_seq: number
}

/** Of each person's own topic and of each chat that they are in now. */
const lastSeqs = async ({ database: { sql: db } }: Cluster): Promise<Last[]> => [
  ...(await db.rows(sql<Last>`
    select m.user_id as user, concat('chat:', t.id) as topic, t.last_seq
    from chat_members m join topics t on t.id = m.chat_id where m.left_seq is null`)),
  ...(await db.rows(sql<Last>`
    select t.id as user, concat('user:', t.id) as topic, t.last_seq
    from topics t where t.kind = 'user'`)),
]

/** The servers have let go of what they held for the load. */
const quiet = ({ cluster }: Running): Promise<unknown> =>
  until(
    async () =>
      (
        await cluster.database.sql.one(sql<{ busy: number }>`
          select count(*)::integer as busy from pg_stat_activity
          where application_name like 'parley%' and state <> 'idle'`)
      ).busy === 0,
    { timeoutMs: quiesceMs, what: 'idle servers' },
  )
