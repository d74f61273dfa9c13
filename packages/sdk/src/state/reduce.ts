import type { Event, EventKind, EventOf } from '@parley/contract'
import { topicChange } from '../stream/ends.ts'
import { change, chatHandlers } from './chats.ts'
import { type Apply, type Draft, type Handlers, closeDraft, openDraft } from './draft.ts'
import { messageHandlers } from './messages.ts'
import { peopleHandlers } from './people.ts'
import type { State } from './state.ts'
import { awaited, wait } from './waiting.ts'
import { workspaceHandlers } from './workspaces.ts'

const handlers: Handlers<EventKind> = {
  ...chatHandlers,
  ...messageHandlers,
  ...peopleHandlers,
  ...workspaceHandlers,
}

const handlerOf = <K extends EventKind>(kind: K): Apply<K> => handlers[kind]
const handle = <K extends EventKind>(draft: Draft, event: EventOf<K> & { kind: K }) =>
  handlerOf(event.kind)(draft, event)

const idOf = (topic: string): number => Number(topic.slice(topic.indexOf(':') + 1))

/** The seq up to which the topic was applied; undefined where the state does not hold it. */
const seqOf = (draft: Draft, topic: string): number | undefined =>
  topic.startsWith('chat:') ? draft.chats.get(idOf(topic))?.last_seq : draft.topics.get(topic)

function advance(draft: Draft, { topic, seq }: Event): void {
  if (topic.startsWith('chat:')) change(draft, idOf(topic), { last_seq: seq })
  else draft.topics.set(topic, seq)
}

function take(draft: Draft, event: Event): void {
  const own = event.topic.startsWith('user:')
  const seq = seqOf(draft, event.topic)
  if (seq !== undefined && event.seq <= seq) return
  if (!own && seq === undefined) {
    wait(draft, event)
    return
  }
  // Behind a gap one may have left and come again; the announcement is still on its way then, and
  // begins with a chat from before this event.
  const gap = seq !== undefined && event.seq > seq + 1
  if (!own && (gap || draft.waiting.get(event.topic) !== undefined)) wait(draft, event)
  advance(draft, event)
  handle(draft, event)
  const told = topicChange(event)
  if (told?.does === 'begins') for (const next of awaited(draft, told.topic)) take(draft, next)
}

/**
 * The state after events. Each counts once, however often it comes; the order of each topic must be
 * kept, that between topics need not. Gives back the same object where nothing changed.
 */
export function reduceAll(state: State, events: Iterable<Event>): State {
  const draft = openDraft(state)
  for (const event of events) take(draft, event)
  return closeDraft(draft, state)
}

/** The state after one event; see `reduceAll`. */
export const reduce = (state: State, event: Event): State => reduceAll(state, [event])
