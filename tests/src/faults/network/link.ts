import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'
import { type Lane, healLane, openLane } from './lane.ts'
import { type Pipe, createPipe } from './pipe.ts'

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

export type Direction = 'up' | 'down'

interface Connection {
  inward: Socket
  outward: Socket
  up: Pipe
  down: Pipe
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
    const outward = connect({
      port: target,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    })
    const destroy = () => {
      inward.resetAndDestroy()
      outward.resetAndDestroy()
    }
    const common = { random, onCut: destroy }
    const connection: Connection = {
      inward,
      outward,
      up: createPipe({ ...common, source: inward, sink: outward, lane: lanes.up }),
      down: createPipe({ ...common, source: outward, sink: inward, lane: lanes.down }),
    }
    open.add(connection)
    for (const socket of [inward, outward]) {
      socket.on('error', () => undefined)
      socket.once('close', () => void closed(connection))
    }
  })

  /** One end is gone. The other learns of it, unless that news too would have to pass a held lane. */
  function closed(connection: Connection): void {
    const { inward, outward } = connection
    if (inward.destroyed && outward.destroyed) {
      open.delete(connection)
      return
    }
    if (inward.destroyed && !lanes.up.held) outward.resetAndDestroy()
    if (outward.destroyed && !lanes.down.held && outward.errored) inward.resetAndDestroy()
    // What came before an orderly end is still on its way; the pipe ends the other side after it.
  }

  const pumpAll = () => {
    for (const connection of open) {
      connection.up.pump()
      connection.down.pump()
      closed(connection)
    }
  }
  const reset = (): number => {
    const count = open.size
    for (const { inward, outward } of open) {
      inward.resetAndDestroy()
      outward.resetAndDestroy()
    }
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
      for (const { inward, outward } of open) (direction === 'up' ? outward : inward).end()
      return open.size
    },
    async stop() {
      reset()
      server.close()
      await once(server, 'close')
    },
  }
}
