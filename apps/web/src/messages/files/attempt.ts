import { NetworkError } from '@parley/sdk'
import type { Wanted } from './chunks.ts'
import type { Rests } from './rests.ts'
import type { Stock } from './stock.ts'
import type { Sent } from './transport.ts'
import { fateOf, isResumable, reasonOf } from './upload.ts'

/** How often one that has to begin again each time is tried by itself. */
const mostTries = 3

export interface AttemptOptions {
  send(wanted: Wanted): Promise<Sent>
  /** The bytes as the browser keeps them, if it does. */
  copyOf(key: string): Promise<Blob | undefined>
  /** Whether all else speaks for a connection. */
  connected(): boolean
  done(key: string, file: Sent): void
}

/** Whether the browser still gets at the bytes: a file may be changed or gone since it was chosen. */
const isReadable = (blob: Blob): Promise<boolean> =>
  blob
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    )

/** Tries once to bring a file to the server. One that broke off rests then, or has failed for good. */
export async function attempt(
  { send, copyOf, connected, done }: AttemptOptions,
  stock: Stock,
  rests: Rests,
  [key, blob]: readonly [key: string, blob: Blob],
  signal: AbortSignal,
): Promise<void> {
  const { uploads } = stock
  function onProgress(sent: number): void {
    const part = Math.min(1, sent / Math.max(1, blob.size))
    if (signal.aborted || part <= (uploads.get(key)?.part ?? 1)) return
    rests.moved(key)
    stock.change(key, { part })
  }
  function onError(error: unknown): void {
    const fate = fateOf(error)
    const count = rests.failed(key)
    const goesOn = isResumable(blob)
    const givenUp = fate.type === 'later' && !goesOn && connected() && count >= mostTries
    if (fate.type === 'failed' || givenUp)
      return stock.change(key, { state: 'failed', part: 0, reason: reasonOf(error) })
    stock.change(key, { state: 'waiting', ...(!goesOn && { part: 0 }) })
    // Without a session nothing helps but the next one.
    rests.begin(key, fate.type === 'later' ? fate.ms : undefined)
  }

  async function readableCopy(): Promise<Blob | undefined> {
    const copy = await copyOf(key)
    return copy && (await isReadable(copy)) ? copy : undefined
  }

  stock.change(key, { state: 'uploading' })
  try {
    const file = await send({
      blob,
      name: uploads.get(key)?.name ?? '',
      path: stock.path(key),
      signal,
      onProgress,
      onPath: (path) => stock.move(key, path),
    })
    if (signal.aborted) return
    stock.forget(key)
    rests.forget(key)
    done(key, file)
  } catch (error) {
    if (signal.aborted) return
    const isMute = error instanceof NetworkError && error.status === undefined
    const there = !isMute || (await isReadable(blob)) ? blob : await readableCopy()
    if (signal.aborted) return
    if (!there) return stock.change(key, { state: 'lost', part: 0 })
    stock.replace(key, there)
    onError(error)
  }
}
