import type { Event } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import { same } from '../actions/attempt.ts'
import type { Actor } from '../stage.ts'
import { covers, nameOf } from '../world/topic.ts'
import type { Person, World } from '../world/world.ts'

interface Delivery {
  /** Seqs and kinds, in their order. */
  entitled: string[]
  received: string[]
  /** Whoever is away when a chat or workspace is deleted learns only that it is gone. */
  gone: boolean
}

const isComplete = ({ entitled, received, gone }: Delivery): boolean =>
  gone
    ? received.at(-1) === entitled.at(-1)
    : received.length === entitled.length && received.at(-1) === entitled.at(-1)

/** Of what is gone anything may be missing, but nothing is added or out of order. */
const expected = ({ entitled, received, gone }: Delivery): string[] => {
  const known = new Set(received)
  return gone
    ? entitled.filter((one, at) => known.has(one) || at === entitled.length - 1)
    : entitled
}

function deliveries(world: World, person: Person, events: readonly Event[]): Delivery[] {
  const received = Map.groupBy(events, ({ topic }) => topic)
  return [person, ...world.workspaces, ...world.chats].map((topic) => {
    const name = nameOf(topic)
    return {
      gone: topic.kind !== 'user' && topic.deleted,
      received: (received.get(name) ?? []).map(({ seq, kind }) => `${name} ${seq} ${kind}`),
      entitled: topic.log.flatMap(({ kind }, at) =>
        covers(topic, person, at + 1) ? `${name} ${at + 1} ${kind}` : [],
      ),
    }
  })
}

/** Everything that somebody may see reached them, each event once, in order, and nothing else. */
export async function expectReceived(world: World, person: Person, actor: Actor): Promise<void> {
  const { events, resyncs } = actor.follower
  const isThere = () => deliveries(world, person, events).every(isComplete)
  await until(isThere, { timeoutMs: 4_000 }).catch(() => undefined)
  const all = deliveries(world, person, events)
  const told = all.map(({ received }) => received)
  same({ person: person.name, told }, { person: person.name, told: all.map(expected) })
  same([events.length, resyncs], [told.flat().length, []])
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
