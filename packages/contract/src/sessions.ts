import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, Nothing, Time, object } from './fields.ts'
import { Me, Password, Token } from './users.ts'

/** A place where somebody is signed in. */
export const Session = object({
  id: Id,
  current: Type.Boolean({ description: 'The one that asks' }),
  user_agent: Type.String({ description: 'What the browser or program says of itself' }),
  network: Type.String({
    description: 'The address that it signed in from, without its last part',
  }),
  created_at: Time,
  last_used_at: Time,
})
export type Session = Static<typeof Session>

export const listSessions = endpoint({
  method: 'GET',
  path: '/api/me/sessions',
  summary:
    'Where the caller is signed in, the one used last first. Use is noted every ten minutes.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  replies: { 200: object({ sessions: Type.Array(Session) }) },
})

export const revokeSession = endpoint({
  method: 'DELETE',
  path: '/api/me/sessions/:session_id',
  summary: 'Sign out somewhere: its tokens count no longer and its streams end.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  params: object({ session_id: Id }),
  replies: { 204: Nothing },
  errors: ['not_found'],
})

export const revokeOtherSessions = endpoint({
  method: 'DELETE',
  path: '/api/me/sessions',
  summary: 'Sign out everywhere but here.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  replies: { 204: Nothing },
})

export const confirmMe = endpoint({
  method: 'POST',
  path: '/api/me/confirm',
  summary:
    'Prove that it is the caller: for five minutes the session may make changes that ask for it.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  body: object({ password: Password }),
  replies: { 204: Nothing },
  errors: ['wrong_password'],
})

export const changePassword = endpoint({
  method: 'PUT',
  path: '/api/me/password',
  summary:
    'Change the password. Every session ends; the caller gets a new one and its refresh cookie.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  session: 'begins',
  body: object({ password: Password }),
  replies: { 200: object({ token: Token, user: Me }) },
  errors: ['weak_password', 'long_password', 'common_password'],
})
