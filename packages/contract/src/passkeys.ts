import Type, { type Static, type TProperties } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, Name, Nothing, Time, nullable, object } from './fields.ts'
import { Me, Token } from './users.ts'

/** A key pair of WebAuthn whose private half stays with a device or a password manager. */
export const Passkey = object({
  id: Id,
  name: Name,
  synced: Type.Boolean({ description: 'Whether other devices of its owner have it, too' }),
  created_at: Time,
  last_used_at: nullable(Time),
})
export type Passkey = Static<typeof Passkey>

/** What browsers take and give is spelled as theirs: WebAuthn 3, 5.1.8 to 5.1.10 and 5.4 to 5.5. */
const Bytes = (most: number) =>
  Type.String({ minLength: 1, maxLength: most, pattern: '^[\\w-]+$', description: 'base64url' })

const Text = Type.String()
const Known = object({
  id: Text,
  type: Type.Literal('public-key'),
  transports: Type.Optional(Type.Array(Text)),
})

const CreationOptions = object({
  rp: object({ id: Text, name: Text }),
  user: object({ id: Text, name: Text, displayName: Text }),
  challenge: Text,
  pubKeyCredParams: Type.Array(object({ type: Type.Literal('public-key'), alg: Type.Integer() })),
  timeout: Type.Integer(),
  excludeCredentials: Type.Array(Known),
  authenticatorSelection: object({
    residentKey: Type.Literal('required'),
    requireResidentKey: Type.Boolean(),
    userVerification: Type.Literal('required'),
  }),
  attestation: Type.Literal('none'),
})

const RequestOptions = object({
  challenge: Text,
  timeout: Type.Integer(),
  rpId: Text,
  allowCredentials: Type.Array(Known),
  userVerification: Type.Enum(['required', 'preferred']),
})

/** As a browser's `toJSON()` has it; what is not named by `response` counts for nothing. */
const answered = <P extends TProperties>(response: P) =>
  object({
    id: Bytes(1_400),
    rawId: Bytes(1_400),
    type: Type.Literal('public-key'),
    response: object(response),
    authenticatorAttachment: Type.Optional(nullable(Type.String({ maxLength: 32 }))),
    clientExtensionResults: Type.Optional(Type.Object({}, { maxProperties: 16 })),
  })

const Made = answered({
  clientDataJSON: Bytes(4_096),
  attestationObject: Bytes(16_384),
  transports: Type.Optional(
    Type.Array(Type.String({ maxLength: 32, pattern: '^[a-z-]+$' }), { maxItems: 16 }),
  ),
  authenticatorData: Type.Optional(Bytes(8_192)),
  publicKey: Type.Optional(Bytes(4_096)),
  publicKeyAlgorithm: Type.Optional(Type.Integer()),
})
export type MadePasskey = Static<typeof Made>

const Proof = answered({
  clientDataJSON: Bytes(4_096),
  authenticatorData: Bytes(4_096),
  signature: Bytes(8_192),
  userHandle: Type.Optional(nullable(Bytes(128))),
})
export type PasskeyProof = Static<typeof Proof>

const Challenge = Type.String({ minLength: 1, maxLength: 64 })

export const listPasskeys = endpoint({
  method: 'GET',
  path: '/api/me/passkeys',
  summary: 'The caller’s passkeys, the oldest first.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  replies: { 200: object({ passkeys: Type.Array(Passkey) }) },
})

export const beginAddPasskey = endpoint({
  method: 'POST',
  path: '/api/me/passkeys/begin',
  summary: 'What a browser makes a passkey by, within two minutes.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  replies: { 200: object({ options: CreationOptions }) },
  errors: ['no_passkeys', 'too_many_passkeys'],
})

export const addPasskey = endpoint({
  method: 'POST',
  path: '/api/me/passkeys',
  summary: 'Keep the passkey that a browser made; a person may have twenty.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  body: object({ name: Name, credential: Made }),
  replies: { 201: Passkey },
  errors: ['no_passkeys', 'passkey_refused', 'too_many_passkeys'],
})

export const renamePasskey = endpoint({
  method: 'PATCH',
  path: '/api/me/passkeys/:passkey_id',
  summary: 'Call a passkey by another name.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  params: object({ passkey_id: Id }),
  body: object({ name: Name }),
  replies: { 200: Passkey },
  errors: ['not_found'],
})

export const removePasskey = endpoint({
  method: 'DELETE',
  path: '/api/me/passkeys/:passkey_id',
  summary: 'Nobody signs in by this passkey any more.',
  tag: 'Security',
  auth: 'confirmed',
  settingUp: true,
  params: object({ passkey_id: Id }),
  replies: { 204: Nothing },
  errors: ['not_found', 'last_second_factor', 'last_sign_in'],
})

export const beginSignInByPasskey = endpoint({
  method: 'POST',
  path: '/api/signin/passkey/begin',
  summary: 'What a browser asks for a passkey by, within two minutes.',
  tag: 'Security',
  auth: 'none',
  replies: { 200: object({ options: RequestOptions }) },
  errors: ['no_passkeys'],
})

export const signInByPasskey = endpoint({
  method: 'POST',
  path: '/api/signin/passkey',
  summary:
    'Sign in by a passkey, without a password or a code: the device has asked who it is. Sets the refresh cookie.',
  tag: 'Security',
  auth: 'none',
  session: 'begins',
  body: object({ credential: Proof }),
  replies: { 200: object({ token: Token, user: Me }) },
  errors: ['no_passkeys', 'passkey_refused'],
})

export const beginSecondByPasskey = endpoint({
  method: 'POST',
  path: '/api/signin/second/passkey/begin',
  summary: 'The same for the second step of signing in; the challenge is that of the first.',
  tag: 'Security',
  auth: 'none',
  body: object({ challenge: Challenge }),
  replies: { 200: object({ options: RequestOptions }) },
  errors: ['no_passkeys', 'no_passkey', 'sign_in_expired'],
})

export const signInSecondByPasskey = endpoint({
  method: 'POST',
  path: '/api/signin/second/passkey',
  summary:
    'The second step of signing in by a passkey in place of a code. Sets the refresh cookie.',
  tag: 'Security',
  auth: 'none',
  session: 'begins',
  body: object({ challenge: Challenge, credential: Proof }),
  replies: { 200: object({ token: Token, user: Me }) },
  errors: ['no_passkeys', 'passkey_refused', 'sign_in_expired'],
})

export const beginConfirmByPasskey = endpoint({
  method: 'POST',
  path: '/api/me/confirm/passkey/begin',
  summary: 'What a browser asks for one of the caller’s passkeys by, within two minutes.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  replies: { 200: object({ options: RequestOptions }) },
  errors: ['no_passkeys', 'no_passkey'],
})

export const confirmMeByPasskey = endpoint({
  method: 'POST',
  path: '/api/me/confirm/passkey',
  summary: 'Prove that it is the caller by a passkey in place of the password.',
  tag: 'Security',
  auth: 'access',
  settingUp: true,
  body: object({ credential: Proof }),
  replies: { 204: Nothing },
  errors: ['no_passkeys', 'passkey_refused'],
})
