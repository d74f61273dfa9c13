import * as administration from './administration.ts'
import * as chats from './chats.ts'
import * as events from './events.ts'
import type { Endpoint, EventStream } from './endpoint.ts'
import * as dataExport from './exports.ts'
import * as files from './files.ts'
import * as instance from './instance.ts'
import * as messages from './messages.ts'
import { type Place, openapi } from './openapi/document.ts'
import type { Json, Named } from './openapi/refer.ts'
import * as openid from './openid.ts'
import * as passkeys from './passkeys.ts'
import * as presence from './presence.ts'
import * as recovery from './recovery.ts'
import * as sessions from './sessions.ts'
import * as secondFactor from './second-factor.ts'
import * as users from './users.ts'
import * as workspaces from './workspaces.ts'

export * from './administration.ts'
export * from './chats.ts'
export * from './endpoint.ts'
export * from './errors.ts'
export * from './events.ts'
export * from './exports.ts'
export * from './fields.ts'
export * from './files.ts'
export * from './instance.ts'
export * from './messages.ts'
export * from './openid.ts'
export * from './passkeys.ts'
export * from './presence.ts'
export * from './recovery.ts'
export * from './sessions.ts'
export * from './second-factor.ts'
export * from './users.ts'
export * from './workspaces.ts'

const everything = {
  ...instance,
  ...users,
  ...sessions,
  ...recovery,
  ...openid,
  ...secondFactor,
  ...dataExport,
  ...passkeys,
  ...workspaces,
  ...chats,
  ...messages,
  ...files,
  ...presence,
  ...events,
  ...administration,
}
type Everything = typeof everything

/** Every endpoint by its name: what the SDK calls, the servers answer and OpenAPI describes. */
export type Endpoints = {
  [K in keyof Everything as Everything[K] extends Endpoint ? K : never]: Everything[K]
}

const isEndpoint = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'method' in value && 'path' in value

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- filtered by what the type filters by
export const endpoints = Object.fromEntries(
  Object.entries(everything).filter(([, value]) => isEndpoint(value)),
) as Endpoints

/** What an object or a choice of words is called in the code is what readers call it, too. */
const isNamed = ([name, value]: [string, unknown]): boolean =>
  /^[A-Z]/.test(name) &&
  typeof value === 'object' &&
  value !== null &&
  ('properties' in value || 'enum' in value)

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const renamed = (schemas: Named, end: string): Named =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [capital(name) + end, schema]))

const schemas: Named = {
  ...(Object.fromEntries(Object.entries(everything).filter(isNamed)) as Named),
  ...renamed(events.events, 'Event'),
  ...renamed(presence.ephemerals, 'Ephemeral'),
  ...renamed(events.signals, 'Signal'),
  Event: events.AnyEvent,
}

const streams: Record<string, EventStream> = { openEvents: events.eventStream }

const tags = {
  Accounts: 'Signing up and in, and who one is.',
  Security: 'Where one is signed in, and by what one proves that it is oneself.',
  Workspaces: 'Where people are together: members, roles, invites.',
  Chats: 'Single chats, groups, private and public channels, and who is in them.',
  Messages: 'What is said, and how far one has read.',
  Files: 'Sending files, and getting them.',
  Presence: 'Who is there, and who is writing.',
  Events: 'What happens, live and afterwards.',
  Instance: 'What this installation allows.',
  Administration: 'For whoever runs the installation, and what was done in it.',
}

/** The OpenAPI 3.1 document of everything above, for an installation at this place. */
export const document = (place: Place): Json =>
  openapi({ endpoints, streams, schemas, tags }, place)
