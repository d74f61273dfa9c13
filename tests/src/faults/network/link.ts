import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Connection, type Direction, passOn } from './connection.ts'
import { type Lane, healLane, openLane } from './lane.ts'

/** One way from clients to a server, or from a server to the database, that can be disturbed. */
export interface Link {
  /** Who speaks to whom: `chat-1>db`. */
  readonly name: string
  readonly port: number
  /** Towards the server, and back. Change them by `set`. */
  readonly up: Readonly<Lane>
  readonly down: Readonly<Lane>
  /** Connections that are open now. */
  readonly connections: number
  set(direction: Direction, change: Partial<Lane>): void
  /** New connections go to another port; those that are open stay where they are. */
  leadTo(port: number): void
  /** Everything flows again: what was held first. */
  heal(): void
  /** Breaks all open connections with a reset, as a router that lost its tables does. */
  reset(): number
  /** Ends one direction of all open connections; the other goes on. */
  halfClose(direction: Direction): number
  stop(): Promise<void>
}

/**
 * A TCP proxy that harms what runs through it. A held lane is what a partition looks like to both
 * ends: no byte, no end, no reset arrives, and after healing the bytes come as TCP would send them
 * again. So while it is held even the death of an end is not passed on.
 */
export async function openLink(
  name: string,
  targetPort: number,
  random: () => number,
): Promise<Link> {
  const lanes = { up: openLane(), down: openLane() }
  const open = new Set<Connection>()
  let target = targetPort
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (inward) => {
    const onGone = () => void open.delete(connection)
    const connection = passOn({ inward, targetPort: target, lanes, random, onGone })
    open.add(connection)
  })
  const pumpAll = () => {
    for (const connection of open) connection.pump()
  }
  const reset = (): number => {
    const count = open.size
    for (const connection of open) connection.reset()
    return count
  }

  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
  await once(server, 'listening')
  const address = server.address()
  return {
    name,
    // A string would be a pipe's.
    port: typeof address === 'object' && address !== null ? address.port : 0,
    up: lanes.up,
    down: lanes.down,
    get connections() {
      return open.size
    },
    set(direction, change) {
      Object.assign(lanes[direction], change)
      pumpAll()
    },
    leadTo: (next) => void (target = next),
    heal() {
      healLane(lanes.up)
      healLane(lanes.down)
      pumpAll()
    },
    reset,
    halfClose(direction) {
      for (const connection of open) connection.halfClose(direction)
      return open.size
    },
    async stop() {
      reset()
      server.close()
      await once(server, 'close')
    },
  }
}
