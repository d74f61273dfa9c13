import { createParser } from 'eventsource-parser'

/** One block of the stream; comments are none. */
export interface Frame {
  event: string | undefined
  data: string
}

export interface FrameHandlers {
  onFrame(frame: Frame): void
  /** Everything that this cursor stands for was handed over before. */
  onCursor(cursor: string): void
  onRetry(ms: number): void
}

/** More than any event can be: a server that never ends a line must not fill the memory. */
const mostCharacters = 4 * 1024 * 1024

/** Reads frames from bytes, until they end. Throws when the body breaks or a frame never ends. */
export async function readFrames(
  body: ReadableStream<Uint8Array>,
  { onFrame, onCursor, onRetry }: FrameHandlers,
  onBytes: () => void,
): Promise<void> {
  let failed: Error | undefined
  const parser = createParser({
    maxBufferSize: mostCharacters,
    // A frame with data gives its id twice, here before its data: only those without data count here.
    onId: (id) => {
      bare = id
    },
    onEvent: ({ event, data, id }) => {
      bare = undefined
      onFrame({ event, data })
      if (id) onCursor(id)
    },
    onRetry,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') failed = error
    },
  })
  let bare: string | undefined
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      onBytes()
      parser.feed(decoder.decode(value, { stream: true }))
      if (failed) throw failed
      if (bare) onCursor(bare)
      bare = undefined
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
