import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Nothing, Time, nullable, object } from './fields.ts'
import { Me, Token } from './users.ts'

const Code = Type.String({ minLength: 1, maxLength: 64 })

/** What somebody has besides their password, as far as that may be told. */
export const SecondFactors = object({
  totp_since: nullable(Time),
  recovery_codes_left: Type.Integer({ minimum: 0, description: 'Those that were not used' }),
})
export type SecondFactors = Static<typeof SecondFactors>

const RecoveryCodes = Type.Array(Type.String(), {
  description: 'Ten, each good once in place of a code of the app. They are not shown again.',
})

export const getSecondFactors = endpoint({
  method: 'GET',
  path: '/api/me/second-factors',
  summary: 'Since when signing in takes a code of an authenticator app, if it does.',
  tag: 'Security',
  auth: 'access',
  replies: { 200: SecondFactors },
})

export const beginTotp = endpoint({
  method: 'POST',
  path: '/api/me/totp',
  summary: 'A secret for an authenticator app, which counts once a code of it is confirmed.',
  tag: 'Security',
  auth: 'confirmed',
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
  replies: { 204: Nothing },
})

export const renewRecoveryCodes = endpoint({
  method: 'POST',
  path: '/api/me/recovery-codes',
  summary: 'Ten new recovery codes. Those from before count no longer.',
  tag: 'Security',
  auth: 'confirmed',
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
