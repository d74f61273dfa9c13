import { type Socket, connect } from 'node:net'
import type { Lane } from './lane.ts'
import { type Pipe, createPipe } from './pipe.ts'

export type Direction = 'up' | 'down'

/** One connection through a link: what came in, and what goes out to the server for it. */
export interface Connection {
  /** A lane has changed: go on if it lets us. */
  pump(): void
  /** Breaks it at both ends. */
  reset(): void
  /** Ends one direction; the other goes on. */
  halfClose(direction: Direction): void
}

interface ConnectionOptions {
  inward: Socket
  targetPort: number
  lanes: Record<Direction, Lane>
  random: () => number
  /** Both ends are gone. */
  onGone(): void
}

/** Half-open connections stay half-open, as they would without us. */
export function passOn(options: ConnectionOptions): Connection {
  const { inward, targetPort, lanes, random } = options
  const to = { port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }
  const outward = connect(to)
  const reset = () => {
    inward.resetAndDestroy()
    outward.resetAndDestroy()
  }
  const common = { random, onCut: reset }
  const pipes: Pipe[] = [
    createPipe({ ...common, source: inward, sink: outward, lane: lanes.up }),
    createPipe({ ...common, source: outward, sink: inward, lane: lanes.down }),
  ]
  for (const socket of [inward, outward]) {
    socket.on('error', () => undefined)
    socket.once('close', notice)
  }

  /** One end is gone. The other learns of it, unless that news too would have to pass a held lane. */
  function notice(): void {
    if (inward.destroyed && outward.destroyed) options.onGone()
    else if (inward.destroyed && !lanes.up.held) outward.resetAndDestroy()
    else if (outward.errored && !lanes.down.held) inward.resetAndDestroy()
    // What came before an orderly end is still on its way; the pipe ends the other side after it.
  }

  return {
    pump() {
      for (const pipe of pipes) pipe.pump()
      notice()
    },
    reset,
    halfClose: (direction) => void (direction === 'up' ? outward : inward).end(),
  }
}
