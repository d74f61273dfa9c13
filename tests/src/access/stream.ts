import { type IncomingMessage, request } from 'node:http'
import { parseJson } from '@parley/core/json'
import { until } from '@parley/core/testing/until'
import { Type } from 'typebox'
import { Frames } from '../faults/crowd/frames.ts'

const Numbered = Type.Object({ topic: Type.String(), seq: Type.Integer(), kind: Type.String() })

/** An event of the log as it came. */
export interface Received {
  topic: string
  seq: number
  kind: string
  data: string
}

/** One open event stream, and what came on it. */
export interface Reader {
  status: number
  /** Of a refusal. */
  text: string
  events: Received[]
  /** Resolves when the event came; the log has one order, so all that was before it has come too. */
  came(topic: string, seq: number): Promise<unknown>
  close(): void
}

/** Returns when the stream is live, or refused. */
export async function openStream(
  url: string,
  { token, cursor }: { token?: string | undefined; cursor?: string | undefined },
): Promise<Reader> {
  const sent = request(url, {
    agent: false,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cursor === undefined ? {} : { 'last-event-id': cursor }),
    },
  })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject)
    sent.end()
  })
  const frames = new Frames()
  let live = false
  let over = false
  const reader: Reader = {
    status: response.statusCode ?? 0,
    text: '',
    events: [],
    came: (topic, seq) =>
      until(() => reader.events.some((event) => event.topic === topic && event.seq === seq), {
        what: `${topic} ${seq}`,
      }),
    close: () => response.destroy(),
  }
  response.setEncoding('utf8')
  response.on('error', () => undefined).on('close', () => (over = true))
  response.on('data', (text: string) => {
    if (reader.status !== 200) reader.text += text
    for (const { kind, data } of frames.take(text)) {
      if (kind === 'ready') live = true
      const event = parseJson(data, Numbered)
      if (event) reader.events.push({ ...event, data })
    }
  })
  await until(() => live || over, { what: 'a live stream' })
  return reader
}
