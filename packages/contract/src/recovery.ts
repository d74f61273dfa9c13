import Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Nothing, object } from './fields.ts'
import { Password } from './users.ts'

export const requestReset = endpoint({
  method: 'POST',
  path: '/api/auth/reset',
  summary:
    'Have a link mailed by which a new password is chosen. The answer is the same whether there is such an account or not.',
  tag: 'Security',
  auth: 'none',
  body: object({ email: Type.String({ minLength: 1, maxLength: 254 }) }),
  replies: { 202: object({}) },
  errors: ['no_mail'],
})

export const resetPassword = endpoint({
  method: 'POST',
  path: '/api/auth/reset/confirm',
  summary:
    'Choose a new password by the secret of a mailed link, which counts once and for half an hour. Every session ends.',
  tag: 'Security',
  auth: 'none',
  body: object({ token: Type.String({ minLength: 1, maxLength: 128 }), password: Password }),
  replies: { 204: Nothing },
  errors: ['reset_gone', 'weak_password', 'long_password', 'common_password'],
})
