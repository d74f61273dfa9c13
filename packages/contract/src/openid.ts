import Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Nothing, Time, nullable, object } from './fields.ts'

const Leads = object({
  url: Type.String({ description: 'Where the browser goes on, at the provider' }),
})

/** A path of the client, to come back to. */
const To = Type.String({ minLength: 1, maxLength: 512 })

export const getSignInWays = endpoint({
  method: 'GET',
  path: '/api/me/ways',
  summary: 'By what the caller can sign in.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  replies: {
    200: object({
      password: Type.Boolean(),
      passkeys: Type.Integer({ description: 'How many sign in at this address' }),
      openid_linked_at: nullable(Time),
    }),
  },
})

export const linkOpenid = endpoint({
  method: 'POST',
  path: '/api/me/openid',
  summary:
    'Link the account to the OpenID provider: whoever signs in there in this browser within ten minutes signs in here from then on. Sets a cookie.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  session: 'goes',
  body: object({ to: To }),
  replies: { 200: Leads },
  errors: ['no_openid', 'openid_linked'],
})

export const unlinkOpenid = endpoint({
  method: 'DELETE',
  path: '/api/me/openid',
  summary:
    'Sign in by the OpenID provider no more. There has to be a password or a passkey to sign in by then.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  replies: { 204: Nothing },
  errors: ['not_found', 'last_sign_in'],
})

export const confirmByOpenid = endpoint({
  method: 'POST',
  path: '/api/me/openid/confirm',
  summary:
    'Prove that it is the caller by signing in at the OpenID provider anew, as `confirmMe` does by a password. Sets a cookie.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  session: 'goes',
  body: object({ to: To }),
  replies: { 200: Leads },
  errors: ['no_openid', 'not_found'],
})
