import type { StreamState } from '@parley/sdk'
import { type Ref, watch } from 'vue'

/** Nobody waits longer for the stream, in milliseconds. */
const mostMs = 2_000

/** Resolves once the stream is live, or clear that it will not be at once. */
export const settled = (connection: Readonly<Ref<StreamState>>): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop()
      resolve()
    }
    const timer = setTimeout(done, mostMs)
    const stop = watch(connection, ({ state }) => {
      if (state !== 'connecting') done()
    })
    if (connection.value.state !== 'connecting') done()
  })
