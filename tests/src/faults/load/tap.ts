import { type Event, type SignalKind, type UnknownEvent, events, signals } from '@parley/contract'
import type { Fetch } from '@parley/sdk'
import { createParser } from 'eventsource-parser'
import type { Recorder } from '../history/recorder.ts'
import { eventSeen } from './seen.ts'

/** Who reads, and the way that each new connection takes. */
export interface Tap {
  recorder: Recorder
  reader: string
  user: number
  session: number
  /** The next connection's server and the port that leads to it. */
  nextStream(): { server: string; port: number }
  /** The port of the chat-server that is asked next. */
  nextCall(): number
}

const isEvent = (kind: string): boolean => Object.hasOwn(events, kind)
const isSignal = (kind: string): kind is SignalKind => Object.hasOwn(signals, kind)

/** The SDK asks for its stream here; where it really goes is decided for each connection anew. */
export const streamUrl = 'http://stream.invalid/events'

/**
 * A fetch for the SDK that goes to another server each time, and writes down what comes on each
 * stream before the SDK drops and orders anything.
 */
export function tapped(tap: Tap): Fetch {
  return async (input, init) => {
    const { pathname, search, hostname } = new URL(urlOf(input))
    const to = (port: number) => new URL(pathname + search, `http://127.0.0.1:${port}`)
    if (hostname !== new URL(streamUrl).hostname) return fetch(to(tap.nextCall()), init)
    const { server, port } = tap.nextStream()
    const response = await fetch(to(port), init)
    if (!response.ok || response.body === null) return response
    const stream = tap.recorder.number()
    const { reader, user, session } = tap
    const cursor = new Headers(init?.headers).get('last-event-id')
    tap.recorder.record({ type: 'opened', stream, reader, user, session, server, cursor })
    const { status, headers } = response
    return new Response(watched(response.body, stream, tap.recorder), { status, headers })
  }
}

const urlOf = (input: string | URL | Request): string =>
  input instanceof Request ? input.url : String(input)

function watched(
  body: ReadableStream<Uint8Array>,
  stream: number,
  recorder: Recorder,
): ReadableStream<Uint8Array> {
  const frames = frameReader(stream, recorder)
  const source = body.getReader()
  let over = false
  const close = () => {
    if (!over) recorder.record({ type: 'closed', stream })
    over = true
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await source.read()
        if (done) {
          close()
          controller.close()
          return
        }
        if (!over) frames(value)
        controller.enqueue(value)
      } catch (error) {
        close()
        controller.error(error)
      }
    },
    async cancel(reason) {
      close()
      await source.cancel(reason)
    },
  })
}

function frameReader(stream: number, recorder: Recorder): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder()
  const parser = createParser({
    onEvent({ event: kind = '', data }) {
      if (isSignal(kind)) {
        const { reason, replayed } = signalOf(data)
        recorder.record({
          type: 'signal',
          stream,
          kind,
          ...(reason === undefined ? {} : { reason }),
          ...(replayed === undefined ? {} : { replayed }),
        })
      } else if (isEvent(kind)) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parsing edge; the server serialised it by this schema
        recorder.record({ type: 'frame', stream, ...eventSeen(JSON.parse(data) as Event) })
      } else if (kind === 'Unknown') {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
        const { topic, seq } = JSON.parse(data) as UnknownEvent
        recorder.record({ type: 'frame', stream, topic, seq, kind })
      }
    },
  })
  return (bytes) => parser.feed(decoder.decode(bytes, { stream: true }))
}

function signalOf(data: string): { reason?: string; replayed?: number } {
  const value: unknown = JSON.parse(data)
  if (typeof value !== 'object' || value === null) return {}
  return {
    ...('reason' in value && typeof value.reason === 'string' ? { reason: value.reason } : {}),
    ...('replayed' in value && typeof value.replayed === 'number'
      ? { replayed: value.replayed }
      : {}),
  }
}
