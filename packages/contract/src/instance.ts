import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { object } from './fields.ts'

/** Who may make an account. */
export const SignUpPolicy = Type.Enum(['open', 'invite', 'closed'])
export type SignUpPolicy = Static<typeof SignUpPolicy>

/** What a client must know before anybody signs in. */
export const Instance = object({
  name: Type.String(),
  version: Type.String(),
  signup: SignUpPolicy,
  events_url: Type.String({ description: 'Where the event stream is' }),
  mail: Type.Boolean({ description: 'Whether it sends mail, as for a forgotten password' }),
  openid_name: Type.Optional(
    Type.String({
      description: 'What the OpenID provider is called, where people may sign in with one',
    }),
  ),
  limits: object({
    message_length: Type.Integer(),
    message_files: Type.Integer(),
    /** In bytes. */
    file_size: Type.Integer(),
    name_length: Type.Integer(),
    password_min_length: Type.Integer(),
    group_members: Type.Integer(),
    page: Type.Integer(),
    event_retention_days: Type.Integer(),
  }),
})
export type Instance = Static<typeof Instance>

export const getInstance = endpoint({
  method: 'GET',
  path: '/api/instance',
  summary: 'Name, version, sign-up policy, limits and where the events are.',
  tag: 'Instance',
  auth: 'none',
  replies: { 200: Instance },
})
