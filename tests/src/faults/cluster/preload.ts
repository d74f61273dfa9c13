import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Preloaded into a server's process, and does what its parent asks: to take the clock of the machine
 * for wrong by so many milliseconds, and to tell how much memory is in use.
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

setFlagsFromString('--expose-gc')
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the flag above puts it there
const collect = runInNewContext('gc') as () => void

/** Bytes of the heap and of buffers outside of it, without what only waits to be collected. */
function held(): number {
  // What goes with one round may be what held the next.
  for (let n = 0; n < 3; n++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

process.on('message', (message) => {
  if (typeof message !== 'object' || message === null) return
  if ('skewMs' in message) skewMs = Number(message.skewMs)
  if ('collect' in message) process.send?.({ held: held() })
})
