import { until } from '@parley/core/testing/until'
import { type Cluster, type ServerName, notifyNames } from '../cluster/cluster.ts'
import type { Load } from '../load/load.ts'
import { type Holder, startHolder } from './holder.ts'
import { type Counts, type Order, type Tally, add, noCounts } from './orders.ts'
import { type Crowd, makeCrowd } from './people.ts'

/** People there are; a multiple of the processes that hold their streams. */
const people = 5000
const processes = 2
const asksEveryMs = 250
/** Longest time until all have come for the first time, in milliseconds. */
const arriveWithin = 120_000

/** What all streams together are at, and what they met since they were told to begin. */
export interface Seen {
  counts: Counts
  streams: number
  live: number
  away: number
  /** Of those who are in the chat, how many do not have this seq. */
  behind(seq: number): number
}

/** Thousands of streams of one chat, for the faults that want them; there are none before. */
export interface Crowds {
  /** Returns when so many streams of each of them are live. */
  gather(perPerson: number): Promise<Crowd>
  ask(does: Order['does']): Promise<Seen>
  /** Connections that a server has answered. */
  openAt(name: ServerName): number
  close(): Promise<void>
}

export function crowdsOf(cluster: Cluster, load: Load): Crowds {
  let crowd: Crowd | undefined
  let gathered = 0
  let holders: Holder[] = []
  let watch: NodeJS.Timeout | undefined

  async function disperse(): Promise<void> {
    clearInterval(watch)
    await Promise.all(holders.splice(0).map((holder) => holder.end()))
  }
  async function ask(does: Order['does']): Promise<Seen> {
    return seenOf(await Promise.all(holders.map((holder) => holder.ask(does))))
  }
  return {
    async gather(perPerson) {
      crowd ??= await makeCrowd(cluster, load.people, people)
      if (gathered === perPerson) return crowd
      await disperse()
      gathered = perPerson
      const { square, members } = crowd
      const share = members.length / processes
      const ports = notifyNames.map((name) => cluster.servers[name].port)
      holders = Array.from({ length: processes }, (_, n) => {
        const own = members.slice(n * share, (n + 1) * share).map(({ token }) => token)
        const tokens = Array.from({ length: perPerson }, () => own).flat()
        return startHolder({ does: 'open', ports, ...square, tokens })
      })
      await until(() => holders.every((holder) => holder.tally()), {
        timeoutMs: arriveWithin,
        what: 'a crowd to be live',
      })
      watch = setInterval(() => void ask('tell').catch(() => undefined), asksEveryMs)
      return crowd
    },
    ask,
    openAt(name) {
      const at = notifyNames.findIndex((one) => one === name)
      return holders.reduce((sum, holder) => sum + (holder.tally()?.open[at] ?? 0), 0)
    },
    close: disperse,
  }
}

function seenOf(tallies: readonly Tally[]): Seen {
  const counts = noCounts()
  const sum = (of: (tally: Tally) => number) => tallies.reduce((all, one) => all + of(one), 0)
  for (const { counts: own } of tallies) add(counts, own)
  const [away, reached] = [sum((one) => one.away), tallies.flatMap((one) => one.reached)]
  return {
    counts,
    streams: away + reached.reduce((all, [, streams]) => all + streams, 0),
    live: sum((one) => one.live),
    away,
    behind: (seq) => reached.reduce((all, [at, streams]) => all + (at === seq ? 0 : streams), 0),
  }
}
