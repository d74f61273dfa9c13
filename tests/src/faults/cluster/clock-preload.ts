/**
 * Preloaded into a server's process: its parent tells it by how many milliseconds the clock of the
 * machine is wrong, for as long as it says nothing else. The monotonic clock stays as it is.
 */
const RealDate = Date
let skewMs = 0

class SkewedDate extends RealDate {
  constructor(...args: [] | ConstructorParameters<typeof Date>) {
    if (args.length === 0) super(SkewedDate.now())
    else super(...args)
  }

  static override now(): number {
    return RealDate.now() + skewMs
  }
}

Object.defineProperty(globalThis, 'Date', { value: SkewedDate, configurable: true, writable: true })

process.on('message', (message) => {
  if (typeof message === 'object' && message !== null && 'skewMs' in message) {
    skewMs = Number(message.skewMs)
  }
})
