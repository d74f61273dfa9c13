import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, Nothing, Time, nullable, object } from './fields.ts'
import { Me, Token } from './users.ts'

const Code = Type.String({ minLength: 1, maxLength: 64 })

/** What somebody has besides their password, as far as that may be told. */
export const SecondFactors = object({
  totp_since: nullable(Time),
  recovery_codes_left: Type.Integer({ minimum: 0, description: 'Those that were not used' }),
  required_by: object({
    instance: Type.Boolean(),
    workspaces: Type.Array(Type.String(), { description: 'The names of those of the caller' }),
  }),
})
export type SecondFactors = Static<typeof SecondFactors>

const RecoveryCodes = Type.Array(Type.String(), {
  description: 'Ten, each good once in place of a code of the app. They are not shown again.',
})

export const getSecondFactors = endpoint({
  method: 'GET',
  path: '/api/me/second-factors',
  summary:
    'Since when signing in takes a code of an authenticator app, if it does, and who requires a second factor.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  replies: { 200: SecondFactors },
})

export const beginTotp = endpoint({
  method: 'POST',
  path: '/api/me/totp',
  summary: 'A secret for an authenticator app, which counts once a code of it is confirmed.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  replies: {
    201: object({
      secret: Type.String(),
      uri: Type.String({ description: 'For a QR code' }),
    }),
  },
  errors: ['second_factor_exists'],
})

export const confirmTotp = endpoint({
  method: 'POST',
  path: '/api/me/totp/confirm',
  summary: 'From now on signing in takes a code. Answers ten recovery codes, each good once.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  body: object({ code: Code }),
  replies: { 200: object({ recovery_codes: RecoveryCodes }) },
  errors: ['wrong_code'],
})

export const removeTotp = endpoint({
  method: 'DELETE',
  path: '/api/me/totp',
  summary: 'Signing in takes no code any more; the recovery codes are gone.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  replies: { 204: Nothing },
  errors: ['last_second_factor'],
})

export const renewRecoveryCodes = endpoint({
  method: 'POST',
  path: '/api/me/recovery-codes',
  summary: 'Ten new recovery codes. Those from before count no longer.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  replies: { 201: object({ recovery_codes: RecoveryCodes }) },
  errors: ['no_second_factor'],
})

export const signInSecond = endpoint({
  method: 'POST',
  path: '/api/signin/second',
  summary:
    'The second step of signing in: the challenge of the first, and a code of the app or a recovery code. Sets the refresh cookie.',
  tag: 'Accounts',
  auth: 'none',
  session: 'begins',
  body: object({ challenge: Type.String({ minLength: 1, maxLength: 64 }), code: Code }),
  replies: { 200: object({ token: Token, user: Me }) },
  errors: ['wrong_code', 'sign_in_expired'],
})

/** Whether everybody there has to have a second factor, an app or a passkey. */
const Rule = object({ required: Type.Boolean() })

export const getSecondFactorRule = endpoint({
  method: 'GET',
  path: '/api/admin/second-factor',
  summary: 'Whether the instance requires a second factor of everybody.',
  tag: 'Administration',
  auth: 'admin',
  replies: { 200: Rule },
})

export const setSecondFactorRule = endpoint({
  method: 'PUT',
  path: '/api/admin/second-factor',
  summary:
    'Require a second factor of everybody, or no longer. Who has none is signed out, and sets one up before anything else.',
  tag: 'Administration',
  auth: 'admin',
  body: Rule,
  replies: { 200: Rule },
})

export const getWorkspaceSecondFactorRule = endpoint({
  method: 'GET',
  path: '/api/workspaces/:id/second-factor',
  summary: 'Whether the workspace requires a second factor of its members; owners.',
  tag: 'Administration',
  auth: 'access',
  params: object({ id: Id }),
  replies: { 200: Rule },
  errors: ['not_found', 'forbidden'],
})

export const setWorkspaceSecondFactorRule = endpoint({
  method: 'PUT',
  path: '/api/workspaces/:id/second-factor',
  summary:
    'Require a second factor of all members, or no longer; owners who have one themselves. Members without are signed out, and set one up before anything else, wherever it is.',
  tag: 'Administration',
  auth: 'confirmed',
  params: object({ id: Id }),
  body: Rule,
  replies: { 200: Rule },
  errors: ['not_found', 'forbidden', 'second_factor_missing'],
})
