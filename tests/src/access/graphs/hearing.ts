import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'
import { type Reader, openStream } from '../stream.ts'
import type { Look } from './look.ts'
import { hears, hearsText } from './reference.ts'
import { type Stage, idOf } from './stage.ts'

/** Where each topic was when something began. */
export type Clocks = ReadonlyMap<number, number>

export const clocksOf = ({ workspaces, chats, square }: Stage): Clocks =>
  new Map([...workspaces, ...chats, square].map(({ id, clock }) => [id, clock]))

export const listen = ({ stack, people }: Stage, who: number, cursor?: string): Promise<Reader> =>
  openStream(stack.eventsUrls[0] ?? '', { token: people[who]?.token, cursor })

const WithText = Type.Object({
  message: Type.Object({ id: Type.Integer(), content: Type.String() }),
})

/** What came on a stream that began at these clocks; other than by its seq a text must not come. */
export function heard(
  stage: Stage,
  who: number,
  reader: Reader,
  since: Clocks,
  live: boolean,
): Look {
  const topics = [
    ...stage.workspaces.map((topic) => ({ name: 'workspace', topic })),
    ...[...stage.chats, stage.square].map((topic) => ({ name: 'chat', topic })),
  ]
  const allowed = new Set(
    stage.messages.flatMap((message) =>
      message.versions.flatMap((version) =>
        hearsText(who, message, version) ? [`${message.id} ${version.text}`] : [],
      ),
    ),
  )
  const texts = reader.events.flatMap(({ data }) => {
    const message = parseJson(data, WithText)?.message
    const text = message?.content ? `${message.id} ${message.content}` : undefined
    return text === undefined || allowed.has(text) ? [] : [`text ${text}`]
  })
  const entitled = (from: (topicId: number) => number): string[] =>
    topics.flatMap(({ name, topic }) =>
      hears(who, topic, from(topic.id), live).map((seq) => `${name}:${topic.id} ${seq}`),
    )
  const own = `user:${idOf(stage, who)}`
  return {
    way: live ? 'open stream' : 'resumed stream',
    real: [
      ...reader.events.flatMap(({ topic, seq }) => (topic === own ? [] : [`${topic} ${seq}`])),
      ...texts,
    ],
    expected: entitled((id) => since.get(id) ?? 0),
    // A cursor is a low watermark: some of what was before it may come again.
    allowed: live ? [] : entitled(() => 0),
  }
}
