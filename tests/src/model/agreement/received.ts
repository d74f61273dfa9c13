import type { Event } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { same } from '../actions/attempt.ts'
import type { Person as Follower } from '../../stack/people.ts'
import type { Actor } from '../stage.ts'
import { covers, nameOf } from '../world/topic.ts'
import type { Person, World } from '../world/world.ts'

/** What of a topic is somebody's to receive: seqs and kinds. */
interface Entitlement {
  topic: string
  entitled: string[]
  /** Whoever is away when a chat or workspace is deleted learns only that, and only if they were in it. */
  gone: boolean
}

const isEnd = (one: string): boolean => /(?:Chat|Workspace)Deleted$/.test(one)

/** Of what is gone all but the end may be missing, but nothing is added or out of order. */
const expected = ({ entitled, gone }: Entitlement, received: readonly string[]): string[] => {
  const known = new Set(received)
  return gone ? entitled.filter((one) => known.has(one) || isEnd(one)) : entitled
}

/** Each event reached somebody once, in its topic's order, and nothing else did. */
export async function expectDelivered(
  { name }: Person,
  { events, resyncs }: Follower,
  topics: readonly Entitlement[],
): Promise<void> {
  const received = () => {
    const byTopic = Map.groupBy(events, ({ topic }) => topic)
    return topics.map(({ topic }) =>
      (byTopic.get(topic) ?? []).map(({ seq, kind }) => `${seq} ${kind}`),
    )
  }
  const isThere = () => {
    const all = received()
    return topics.every((one, at) => {
      const got = all[at] ?? []
      return expected(one, got).length === got.length
    })
  }
  await until(isThere, { timeoutMs: 4_000 }).catch(() => undefined)
  const all = received()
  same(
    topics.map(({ topic }, at) => [name, topic, all[at]]),
    topics.map((one, at) => [name, one.topic, expected(one, all[at] ?? [])]),
  )
  same([name, events.length, resyncs], [name, all.flat().length, []])
}

/** Everything that somebody may see reached them, and no text that was hidden from them. */
export async function expectReceived(world: World, person: Person, actor: Actor): Promise<void> {
  const { events } = actor.follower
  await expectDelivered(
    person,
    actor.follower,
    [person, ...world.workspaces, ...world.chats].map((topic) => ({
      topic: nameOf(topic),
      gone: topic.kind !== 'user' && topic.deleted,
      entitled: topic.log.flatMap(({ kind }, at) =>
        covers(topic, person, at + 1) ? `${at + 1} ${kind}` : [],
      ),
    })),
  )
  expectAnnounced(events)
  for (const event of events) expectText(world, person, event)
}

/** What begins a chat or workspace comes before all of it, and what ends it behind all of it. */
export function expectAnnounced(events: readonly Event[]): void {
  const open = new Set<string>()
  for (const event of events) {
    if (event.kind === 'NewChat' || event.kind === 'AddToChat') open.add(`chat:${event.chat.id}`)
    if (event.kind === 'AddToWorkspace') open.add(`workspace:${event.workspace.id}`)
    const known = event.topic.startsWith('user:') || open.has(event.topic)
    same([event.topic, event.seq, known], [event.topic, event.seq, true])
    if (event.kind === 'RemoveFromChat') open.delete(`chat:${event.chat_id}`)
    if (event.kind === 'RemoveFromWorkspace') open.delete(`workspace:${event.workspace_id}`)
  }
}

/** Nobody gets a text that was hidden from them; one that was deleted meanwhile may have come or not. */
function expectText({ chats }: World, person: Person, event: Event): void {
  if (event.kind !== 'NewMessage' && event.kind !== 'MessageUpdated') return
  const chat = chats.find((one) => nameOf(one) === event.topic)
  const text = chat?.log[event.seq - 1]?.text
  if (!chat || !text) return
  const hidden = text.sinceJoin && !covers(chat, person, text.message.seq)
  const { content } = event.message
  if (content === '' && (text.message.deleted || chat.deleted)) return
  same([event.topic, event.seq, content], [event.topic, event.seq, hidden ? '' : text.content])
}
