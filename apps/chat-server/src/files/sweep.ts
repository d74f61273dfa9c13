import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes that come before what they came in is collected. */
const every = 8 * 1024 * 1024

// Node gives it to new contexts only, once it runs.
setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')
setFlagsFromString('--no-expose-gc')

let since = 0

/**
 * Told of the bytes of uploads. Each piece of them is a buffer outside of the heap, and a small object in it:
 * the collector, which counts objects, would let some 80 MiB of such buffers wait.
 */
export function sweepAfter(bytes: number): void {
  since += bytes
  if (since < every || typeof collect !== 'function') return
  since = 0
  Reflect.apply(collect, undefined, [{ type: 'minor' }])
}
