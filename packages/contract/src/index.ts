import * as chats from './chats.ts'
import * as events from './events.ts'
import type { Endpoint } from './endpoint.ts'
import * as instance from './instance.ts'
import * as messages from './messages.ts'
import * as users from './users.ts'
import * as workspaces from './workspaces.ts'

export * from './chats.ts'
export * from './endpoint.ts'
export * from './errors.ts'
export * from './events.ts'
export * from './fields.ts'
export * from './instance.ts'
export * from './messages.ts'
export * from './openapi.ts'
export * from './users.ts'
export * from './workspaces.ts'

const everything = { ...instance, ...users, ...workspaces, ...chats, ...messages, ...events }
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
