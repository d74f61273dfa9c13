import type { Socket } from 'node:net'
import type { Lane } from './lane.ts'

/** No more than this is taken from the source while it cannot go on. */
const mostQueued = 256 * 1024
/** With a narrow lane, pieces of this size, so that it flows and does not drip in one lump. */
const pieceBytes = 4 * 1024

interface Piece {
  /** Undefined: the source has ended. */
  bytes: Buffer | undefined
  dueAt: number
}

export interface Pipe {
  /** The lane has changed: go on if it lets us. */
  pump(): void
}

export interface PipeOptions {
  source: Socket
  sink: Socket
  lane: Lane
  random: () => number
  /** The connection has carried what it may. */
  onCut(): void
}

/**
 * One direction of one connection. The order of the bytes is kept. An end of the source travels like
 * a byte: behind what was sent before it, and not while the lane is held.
 */
export function createPipe({ source, sink, lane, random, onCut }: PipeOptions): Pipe {
  const queue: Piece[] = []
  let queued = 0
  let carried = 0
  let lastDue = 0
  let timer: NodeJS.Timeout | undefined

  const dueAt = (size: number): number => {
    const now = performance.now()
    const late = lane.delayMs + (lane.jitterMs > 0 ? random() * lane.jitterMs : 0)
    const narrow = lane.bytesPerSecond === Infinity ? 0 : (size / lane.bytesPerSecond) * 1000
    lastDue = Math.max(now + late, lastDue + narrow, lastDue)
    return lastDue
  }

  function enqueue(bytes: Buffer | undefined): void {
    if (lane.held) lane.heldBytes += bytes?.length ?? 0
    const step = lane.bytesPerSecond === Infinity ? Infinity : pieceBytes
    if (bytes === undefined || bytes.length <= step) {
      queue.push({ bytes, dueAt: dueAt(bytes?.length ?? 0) })
    } else {
      for (let at = 0; at < bytes.length; at += step) {
        const piece = bytes.subarray(at, at + step)
        queue.push({ bytes: piece, dueAt: dueAt(piece.length) })
      }
    }
    queued += bytes?.length ?? 0
    if (queued > mostQueued) source.pause()
    pump()
  }

  function pump(): void {
    clearTimeout(timer)
    while (!lane.held && !sink.destroyed && !sink.writableNeedDrain) {
      const [next] = queue
      if (next === undefined) break
      const wait = next.dueAt - performance.now()
      if (wait > 0.5) {
        timer = setTimeout(pump, wait)
        return
      }
      queue.shift()
      deliver(next.bytes)
    }
    if (queued < mostQueued / 2 && source.isPaused()) source.resume()
  }

  function deliver(bytes: Buffer | undefined): void {
    if (bytes === undefined) {
      sink.end()
      return
    }
    queued -= bytes.length
    const room = Math.max(0, lane.cutAfter - carried)
    carried += bytes.length
    lane.passedBytes += Math.min(bytes.length, room)
    if (bytes.length <= room) {
      sink.write(bytes)
      return
    }
    lane.resets++
    if (room > 0) sink.write(bytes.subarray(0, room))
    onCut()
  }

  source.on('data', enqueue)
  source.on('end', () => enqueue(undefined))
  sink.on('drain', pump)
  sink.on('close', () => clearTimeout(timer))
  return { pump }
}
