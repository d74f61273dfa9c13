import type { Bootstrap, Event } from '@parley/contract'
import { recount } from '../state/repair.ts'
import type { State } from '../state/state.ts'
import type { Step } from './history.ts'
import { type Logged, type World, createWorld, me } from './world.ts'

/** What happened after a first bootstrap, and the bootstraps that could have been taken on the way. */
export interface Played {
  world: World
  bootstrap: Bootstrap
  events: Logged[]
  /** With how many of the events each of them was taken. */
  bootstraps: { at: number; bootstrap: Bootstrap }[]
}

/** Plays two histories around two rooms; the first bootstrap is taken between them. */
export function play(before: readonly Step[], after: readonly Step[]): Played {
  const world = createWorld()
  for (const workspace of [true, false]) {
    const room = world.actions.found(workspace)
    for (const id of [2, me, 3]) world.actions.join(room, id)
  }
  for (const act of before) act(world)
  const from = world.log.length
  const bootstraps = [{ at: 0, bootstrap: world.bootstrap() }]
  const [{ bootstrap } = { bootstrap: world.bootstrap() }] = bootstraps
  for (const act of after) {
    act(world)
    bootstraps.push({ at: world.log.length - from, bootstrap: world.bootstrap() })
  }
  return { world, bootstrap, events: world.log.slice(from), bootstraps }
}

/** Numbers to decide by, one after the other. */
export const pull = (stream: Iterator<number>) => (): number => {
  const { value } = stream.next()
  return typeof value === 'number' ? value : 0
}

/** Mixes the topics at will, keeps each one's order, and sends some events again later. */
export function shuffle(logged: readonly Logged[], next: () => number): Event[] {
  const queues = [...Map.groupBy(logged, ({ live }) => live.topic).values()]
  const out: Event[] = []
  for (let left = queues; left.length > 0; left = left.filter((queue) => queue.length > 0)) {
    const one = left[next() % left.length]?.shift()
    if (one) out.push(next() % 2 === 0 ? one.live : one.replayed)
    const again = out[next() % Math.max(1, out.length)]
    if (again && next() % 4 === 0) out.push(again)
  }
  return out
}

/** What an application does about chats whose events did not tell enough. */
export const repaired = (state: State, world: World): State =>
  [...state.doubtful].reduce((now, id) => {
    const chat = world.chat(id)
    return chat ? recount(now, chat) : now
  }, state)
