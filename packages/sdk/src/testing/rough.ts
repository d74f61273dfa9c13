import { setImmediate as tick } from 'node:timers/promises'
import type { Event } from '@parley/contract'
import { reduce } from '../state/reduce.ts'
import { type State, fromBootstrap } from '../state/state.ts'
import { createFeed } from '../stream/feed.ts'
import { createOutlet } from '../stream/outlet.ts'
import type { Played } from './playback.ts'
import { type Order, createServer, interleave } from './wire.ts'

/** What came out at the far end. */
export interface Outcome {
  state: State
  /** Since the last bootstrap. */
  delivered: Event[]
  resyncs: number
  cursor: string | undefined
  /** Events that a cursor stood for before they were delivered. */
  ahead: Event[]
}

/** So often something goes wrong; then all goes well. */
const mostFaults = 20

/**
 * Follows what was played over connections that mix topics, repeat themselves, break and overlap, and
 * on which events get lost that `mayLose` allows, where a later one of the topic shows the hole.
 */
export async function followRoughly(
  played: Played,
  next: () => number,
  { mayLose, order: isOrdered }: { mayLose: (event: Event) => boolean; order: Order },
): Promise<Outcome> {
  const events = played.events.map(({ live }) => live)
  const server = createServer(played, next)
  let state = fromBootstrap(played.bootstrap)
  let delivered: Event[] = []
  let begun = 0
  const ahead = new Set<Event>()
  let [losses, resyncs, faults] = [0, 0, 0]
  const asked = new Set<object>()

  const outlet = createOutlet({
    onEvent(event) {
      delivered.push(event)
      state = reduce(state, event)
    },
  })
  const feed = createFeed({
    outlet,
    onLost: () => losses++,
    async listEvents({ params, query }) {
      asked.add(query)
      for (let wait = next() % 8; wait > 0; wait--) await tick()
      asked.delete(query)
      return { events: server.eventsOf(params.id, query.after), has_more: true }
    },
  })

  const goesWrong = (oneIn: number) => faults < mostFaults && next() % oneIn === 0 && ++faults > 0
  /** A connection from the cursor, or from a little before it: it is a low watermark. */
  const connect = () => {
    const from = Math.max(0, Number(feed.cursor()) - (next() % 4))
    return {
      order: interleave(events, from, isOrdered, next),
      sent: new Array<number>(),
      lost: new Set<number>(),
    }
  }
  type Connection = ReturnType<typeof connect>

  function send({ order, sent, lost }: Connection): void {
    const at = order.shift()
    const event = events[at ?? -1]
    if (at === undefined || !event) return
    const shown = order.some((later) => events[later]?.topic === event.topic)
    if (shown && mayLose(event) && goesWrong(4)) {
      lost.add(at)
      return
    }
    feed.take(server.frame(at))
    sent.push(at)
    // Those before it in its topic are a hole that can be seen from here.
    for (const one of lost) if (one < at && events[one]?.topic === event.topic) lost.delete(one)
    const again = sent[next() % sent.length]
    if (again !== undefined && next() % 4 === 0) feed.take(server.frame(again))
    if (next() % 3 === 0) feed.sawCursor(String(Math.min(events.length, ...order, ...lost)))
  }

  /** Whoever goes on elsewhere from the cursor must miss nothing. */
  function checkCursor(): void {
    const safe = Number(feed.cursor())
    const places = new Set(delivered.map(({ topic, seq }) => `${topic} ${seq}`))
    for (const event of events.slice(begun, safe)) {
      if (!places.has(`${event.topic} ${event.seq}`)) ahead.add(event)
    }
  }

  function resync(): Connection[] {
    const { at, bootstrap } = server.bootstrap()
    state = fromBootstrap(bootstrap)
    delivered = []
    begun = at
    losses = 0
    resyncs++
    feed.restart({ cursor: String(at), topics: bootstrap.topics })
    return [connect()]
  }

  feed.restart({ cursor: '0', topics: played.bootstrap.topics })
  let open = [connect()]
  while (open.length > 0) {
    const one = open[next() % open.length]
    if (one) send(one)
    if (next() % 3 === 0) await tick()
    checkCursor()
    if (losses > 0) open = resync()
    // The next connection begins, and the old one ends now or goes on beside it.
    else if (goesWrong(10)) open = next() % 2 === 0 ? [connect()] : [...open, connect()]
    open = open.filter(({ order }) => order.length > 0)
  }
  feed.sawCursor(String(events.length))
  do await tick()
  while (asked.size > 0)
  return { state, delivered, resyncs, cursor: feed.cursor(), ahead: [...ahead] }
}
