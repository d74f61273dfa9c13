import Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Nothing, object } from './fields.ts'
import { Me, Password, Token } from './users.ts'

const Code = Type.String({ minLength: 1, maxLength: 64 })

export const beginTotp = endpoint({
  method: 'POST',
  path: '/api/me/totp',
  summary: 'A secret for an authenticator app, which counts once a code of it is confirmed.',
  tag: 'Security',
  auth: 'access',
  body: object({ password: Password }),
  replies: {
    201: object({
      secret: Type.String(),
      uri: Type.String({ description: 'For a QR code' }),
    }),
  },
  errors: ['wrong_password', 'second_factor_exists'],
})

export const confirmTotp = endpoint({
  method: 'POST',
  path: '/api/me/totp/confirm',
  summary: 'From now on signing in takes a code. Answers ten recovery codes, each good once.',
  tag: 'Security',
  auth: 'access',
  body: object({ code: Code }),
  replies: { 200: object({ recovery_codes: Type.Array(Type.String()) }) },
  errors: ['wrong_code'],
})

export const removeTotp = endpoint({
  method: 'POST',
  path: '/api/me/totp/remove',
  summary: 'Signing in takes no code any more; the recovery codes are gone.',
  tag: 'Security',
  auth: 'access',
  body: object({ password: Password }),
  replies: { 204: Nothing },
  errors: ['wrong_password'],
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
