import { availableParallelism } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { runProgram } from '@parley/core/testing/program'
import { until } from '@parley/core/testing/until'
import { type Place, placeForFiles } from '../files/place.ts'
import { type Figure, percentile } from '../figure.ts'
import type { Measurement } from '../stage.ts'

const crowd = fileURLToPath(new URL('crowd.ts', import.meta.url))
/** How long each crowd signs in, and how often somebody else wants something meanwhile, in milliseconds. */
const forMs = 10_000
const everyMs = 20
/** What one hash takes, in MiB, and how many there are at once. */
const hash = 19
const gate = Math.max(1, availableParallelism() - 1)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** How long one message, and one look at the health, takes for somebody who is signed in. */
async function others({ url, bob }: Place, chat: number) {
  const times = { send: [] as Promise<number>[], health: [] as Promise<number>[] }
  const end = performance.now() + forMs
  while (performance.now() < end) {
    const body = { content: 'a message like any other' }
    times.send.push(
      timed(() => bob.sendMessage({ params: { id: chat }, body }, { retryLimitMs: 0 })),
    )
    times.health.push(timed(async () => (await fetch(`${url}/healthz`)).text()))
    await delay(everyMs)
  }
  return { send: await Promise.all(times.send), health: await Promise.all(times.health) }
}

/** Of the same when nobody signs in: what the machine makes of it anyway. */
async function alone(place: Place, chat: number): Promise<Figure> {
  const { send } = await others(place, chat)
  return {
    name: 'sign-ins: p99 of a send beside none',
    measured: percentile(send, 0.99),
    budget: Infinity,
    unit: 'ms',
  }
}

async function beside(place: Place, chat: number, name: string, bytes: number): Promise<Figure[]> {
  const program = runProgram(crowd, [place.url, String(bytes)])
  await until(() => program.stdout().includes('ready'), { what: 'the crowd' })
  let times = { send: [] as number[], health: [] as number[] }
  const growth = await place.growth(async () => {
    times = await others(place, chat)
  })
  program.child.kill('SIGTERM')
  await program.ended
  console.log(`         ${name}: ${program.stdout().trim().split('\n').at(-1)}`)
  const p99 = (text: string, values: readonly number[]): Figure => ({
    name: `sign-ins: p99 of ${text} beside 200 with ${name}`,
    measured: percentile(values, 0.99),
    budget: 250,
    unit: 'ms',
  })
  return [
    p99('a send', times.send),
    p99('/healthz', times.health),
    {
      name: `sign-ins: memory beside 200 with ${name}`,
      measured: growth,
      budget: gate * hash + 20,
      unit: 'MiB',
    },
  ]
}

/** Whoever is signed in does not notice that passwords are checked. */
export const signIns: Measurement = {
  name: 'sign-ins',
  async run() {
    const place = await placeForFiles()
    try {
      const [chat] = (await place.bob.listChats({ query: {} })).chats
      const id = chat?.id ?? 0
      // Warm: what every request takes, and a hash, has been done once.
      await others(place, id)
      return [
        await alone(place, id),
        ...(await beside(place, id, '1 kB', 1024)),
        ...(await beside(place, id, '1 MB', 1 << 20)),
      ]
    } finally {
      await place.stop()
    }
  },
}
