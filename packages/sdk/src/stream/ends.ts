import type { EventKind, EventOf } from '@parley/contract'

/** What an event says about a topic other than its own. */
export type TopicChange =
  | { does: 'begins'; topic: string; at: number }
  | { does: 'ends'; topic: string }

const changes: { [K in EventKind]?: (event: EventOf<K>) => TopicChange } = {
  NewChat: ({ chat }) => ({ does: 'begins', topic: `chat:${chat.id}`, at: chat.last_seq }),
  AddToChat: ({ chat }) => ({ does: 'begins', topic: `chat:${chat.id}`, at: chat.last_seq }),
  RemoveFromChat: ({ chat_id }) => ({ does: 'ends', topic: `chat:${chat_id}` }),
  ChatDeleted: ({ chat_id }) => ({ does: 'ends', topic: `chat:${chat_id}` }),
  AddToWorkspace: ({ workspace, last_seq }) => ({
    does: 'begins',
    topic: `workspace:${workspace.id}`,
    at: last_seq,
  }),
  RemoveFromWorkspace: ({ workspace_id }) => ({ does: 'ends', topic: `workspace:${workspace_id}` }),
  WorkspaceDeleted: ({ workspace_id }) => ({ does: 'ends', topic: `workspace:${workspace_id}` }),
}

const lookUp = <K extends EventKind>(kind: K): ((event: EventOf<K>) => TopicChange) | undefined =>
  changes[kind]

/** Which topic an event begins or ends for the reader, if any. */
export const topicChange = <K extends EventKind>(
  event: EventOf<K> & { kind: K },
): TopicChange | undefined => lookUp(event.kind)?.(event)
