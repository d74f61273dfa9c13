import type { Endpoints } from '@parley/contract'
import type { Entry } from './entry.ts'
import { administration } from './table/administration.ts'
import { chats } from './table/chats.ts'
import { events } from './table/events.ts'
import { factors } from './table/factors.ts'
import { files } from './table/files.ts'
import { messages } from './table/messages.ts'
import { passkeys } from './table/passkeys.ts'
import { people } from './table/people.ts'
import { workspaces } from './table/workspaces.ts'

/** Each endpoint of the contract, and what each of its calls answers to whom. */
export const table = {
  ...chats,
  ...messages,
  ...workspaces,
  ...files,
  ...people,
  ...passkeys,
  ...events,
  ...administration,
  ...factors,
} satisfies Record<keyof Endpoints, readonly Entry[]>
