import type { IncomingMessage } from 'node:http'

export interface Pace {
  windowMs: number
  /** What has to come in each window, in bytes. */
  least: number
}

/** Some 200 bytes a second: the slowest line that anybody would send a file by has ten times that. */
const usual: Pace = { windowMs: 20_000, least: 4096 }

/**
 * Watches that a body keeps coming: `tooSlow` is called, once, when a window had less than it must.
 * Returns what ends the watch.
 */
export function watchPace(request: IncomingMessage, tooSlow: () => void, pace = usual): () => void {
  let before = request.socket.bytesRead
  const timer = setInterval(() => {
    const now = request.socket.bytesRead
    if (!request.complete && now - before < pace.least) {
      clearInterval(timer)
      tooSlow()
    }
    before = now
  }, pace.windowMs)
  return () => clearInterval(timer)
}

/** How long a client that was refused may go on sending before its connection is cut. */
const longestFarewell = 5_000

/**
 * Lets a client read its refusal: one that is still sending when the connection is closed loses the
 * answer. What it sends is thrown away, for a while.
 */
export function sayFarewell(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  request.unpipe()
  request.resume()
  const { socket } = request
  const timer = setTimeout(() => {
    if (!request.complete) socket.destroy()
  }, longestFarewell)
  request.once('close', () => clearTimeout(timer))
}
