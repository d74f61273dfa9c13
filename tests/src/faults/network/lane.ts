/** What happens to the bytes of one direction, in all connections of a link. */
export interface Lane {
  /** How late each byte arrives, in milliseconds, and how much later at random. */
  delayMs: number
  jitterMs: number
  bytesPerSecond: number
  /** Nothing arrives, and nobody is told: what is sent meanwhile arrives when this ends. */
  held: boolean
  /** Each connection is reset when it has carried so many more bytes. */
  cutAfter: number
  /** Bytes that were held, by the count of those that came while it was. */
  heldBytes: number
  /** Bytes that arrived. */
  passedBytes: number
  resets: number
}

export const openLane = (): Lane => ({
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: Infinity,
  held: false,
  cutAfter: Infinity,
  heldBytes: 0,
  passedBytes: 0,
  resets: 0,
})

/** Takes all that is wrong away; the counts stay. */
export function healLane(lane: Lane): void {
  const { heldBytes, passedBytes, resets } = lane
  Object.assign(lane, openLane(), { heldBytes, passedBytes, resets })
}
