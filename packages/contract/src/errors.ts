import Type, { type Static } from 'typebox'
import { object } from './fields.ts'

interface Refusal {
  status: number
  title: string
  detail: string
}

/** Every refusal there is. Codes are stable; texts are fixed and never quote the request. */
export const errors = {
  malformed_request: {
    status: 400,
    title: 'Malformed request',
    detail: 'This is not an HTTP/1.1 request with one Host.',
  },
  malformed_json: { status: 400, title: 'Malformed JSON', detail: 'The body is not valid JSON.' },
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    detail: 'Some fields are missing, unknown or out of bounds; errors lists them.',
  },
  invalid_cursor: {
    status: 400,
    title: 'Invalid cursor',
    detail: 'This is not a cursor that the event stream gave out.',
  },
  not_signed_in: {
    status: 401,
    title: 'Not signed in',
    detail: 'This needs a valid access token in the Authorization header.',
  },
  invalid_credentials: {
    status: 401,
    title: 'Wrong credentials',
    detail: 'The email or the password is wrong.',
  },
  second_factor_required: {
    status: 401,
    title: 'Second factor required',
    detail: 'Bring the challenge of this answer and a code to /api/signin/second.',
  },
  sign_in_expired: {
    status: 401,
    title: 'Sign-in expired',
    detail: 'It took too long or too many tries. Begin again with the password.',
  },
  passkey_refused: {
    status: 401,
    title: 'Passkey refused',
    detail:
      'The passkey is not known here, or its answer is not one to what was asked, or too late.',
  },
  wrong_code: {
    status: 403,
    title: 'Wrong code',
    detail: 'The code is wrong, too old, or was used before.',
  },
  wrong_password: {
    status: 403,
    title: 'Wrong password',
    detail: 'The password is wrong.',
  },
  confirmation_required: {
    status: 403,
    title: 'Confirm that it is you',
    detail:
      'This needs a session that was confirmed in the last five minutes: POST /api/me/confirm.',
  },
  second_factor_missing: {
    status: 403,
    title: 'Second factor missing',
    detail: 'This takes a second factor of your own: set one up with POST /api/me/totp.',
  },
  second_factor_due: {
    status: 403,
    title: 'Second factor due',
    detail:
      'This instance, or a workspace of yours, requires a second factor: set one up with POST /api/me/totp or /api/me/passkeys, then refresh the session.',
  },
  invalid_refresh_token: {
    status: 401,
    title: 'Session ended',
    detail: 'The refresh token is missing, expired or was used before. Sign in again.',
  },
  forbidden: { status: 403, title: 'Not allowed', detail: 'Your role does not allow this.' },
  not_a_member: {
    status: 403,
    title: 'Not a member',
    detail: 'Join the channel first.',
  },
  origin_refused: {
    status: 403,
    title: 'Origin refused',
    detail: 'The session cookie is only taken from this site itself.',
  },
  sign_up_closed: {
    status: 403,
    title: 'Sign-up is closed',
    detail: 'An account needs an invite here, or is made by an administrator.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail: 'There is nothing here, or nothing that you may see.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This address takes other methods.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timeout',
    detail: 'The request took too long to arrive.',
  },
  account_taken: {
    status: 409,
    title: 'Already taken',
    detail: 'The username or the email is already in use.',
  },
  workspace_name_taken: {
    status: 409,
    title: 'Name taken',
    detail: 'A workspace has this name, and it needs an invite.',
  },
  second_factor_exists: {
    status: 409,
    title: 'Already there',
    detail: 'Remove the one that there is first.',
  },
  no_second_factor: {
    status: 409,
    title: 'No second factor',
    detail: 'Signing in takes no code of an app. Confirm one first.',
  },
  no_passkeys: {
    status: 409,
    title: 'No passkeys here',
    detail: 'Passkeys need an installation whose address is https and a name, or http://localhost.',
  },
  no_passkey: {
    status: 409,
    title: 'No passkey',
    detail: 'There is no passkey of this account.',
  },
  too_many_passkeys: {
    status: 409,
    title: 'Too many passkeys',
    detail: 'Remove one that is not needed any more.',
  },
  no_openid: {
    status: 409,
    title: 'No OpenID provider',
    detail: 'Nobody signs in by an OpenID provider here.',
  },
  openid_linked: {
    status: 409,
    title: 'Already linked',
    detail: 'The account is linked to the OpenID provider.',
  },
  last_second_factor: {
    status: 409,
    title: 'The last second factor',
    detail: 'This instance, or a workspace of yours, requires one: set up another first.',
  },
  last_sign_in: {
    status: 409,
    title: 'The last way to sign in',
    detail: 'Nothing else lets you sign in: choose a password or add a passkey first.',
  },
  channel_name_taken: {
    status: 409,
    title: 'Name taken',
    detail: 'The workspace has a channel of this name.',
  },
  wrong_offset: {
    status: 409,
    title: 'Wrong offset',
    detail: 'The upload has come to another place; ask for its offset and go on there.',
  },
  last_owner: {
    status: 409,
    title: 'Last owner',
    detail: 'Make somebody else an owner first.',
  },
  last_admin: {
    status: 409,
    title: 'Last administrator',
    detail: 'Make somebody else an administrator first.',
  },
  invite_gone: {
    status: 410,
    title: 'Invite no longer valid',
    detail: 'The invite has expired, was revoked or is used up.',
  },
  reset_gone: {
    status: 410,
    title: 'Link no longer valid',
    detail: 'The link to choose a new password was used, is too old or is none.',
  },
  sign_up_gone: {
    status: 410,
    title: 'Link no longer valid',
    detail: 'The link to finish signing up was used, is too old or is none.',
  },
  unsupported_version: {
    status: 412,
    title: 'Unsupported version',
    detail: 'Resumable uploads speak tus 1.0.0, which each request says in Tus-Resumable.',
  },
  too_large: {
    status: 413,
    title: 'Too large',
    detail: 'The body is larger than this call takes.',
  },
  file_too_large: {
    status: 413,
    title: 'File too large',
    detail: 'A file is larger than this instance takes; limit says how many bytes it may have.',
  },
  too_many_files: {
    status: 413,
    title: 'Too many files',
    detail: 'An upload takes a few files at once and no other fields; limit says how many.',
  },
  quota_exceeded: {
    status: 413,
    title: 'No room left',
    detail: 'The files would take more room than you, the workspace or the instance may have.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'The body must be application/json, or a form where files are sent; not compressed.',
  },
  malformed_upload: {
    status: 400,
    title: 'Malformed upload',
    detail: 'The upload has no file in it, breaks off, or is not a well-formed multipart body.',
  },
  range_not_satisfiable: {
    status: 416,
    title: 'Range not satisfiable',
    detail: 'The file ends before the range begins.',
  },
  invalid_text: {
    status: 422,
    title: 'Invalid text',
    detail: 'Text must be valid Unicode without NUL characters.',
  },
  weak_password: {
    status: 422,
    title: 'Password too short',
    detail: 'The password is shorter than this instance asks for.',
  },
  long_password: {
    status: 422,
    title: 'Password too long',
    detail: 'A password has 256 characters at the most.',
  },
  common_password: {
    status: 422,
    title: 'Password easy to guess',
    detail: 'The password is a common one or a name that belongs to it, or made of one.',
  },
  unknown_user: {
    status: 422,
    title: 'Cannot add',
    detail: 'At least one of these people cannot be added here.',
  },
  unknown_reply: {
    status: 422,
    title: 'Cannot reply',
    detail: 'The message to reply to is not in this chat.',
  },
  unknown_file: {
    status: 422,
    title: 'Cannot attach',
    detail: 'At least one of these files cannot be attached.',
  },
  not_a_picture: {
    status: 422,
    title: 'Not a picture',
    detail:
      'The file cannot be opened as a picture: PNG, JPEG, GIF, WebP or AVIF, of at most 40 megapixels.',
  },
  group_too_large: {
    status: 422,
    title: 'Group too large',
    detail: 'A group takes at least 2 people and no more than this instance allows.',
  },
  fixed_chat: {
    status: 422,
    title: 'Cannot change',
    detail: 'A chat of this type cannot be changed in this way.',
  },
  beyond_end: {
    status: 422,
    title: 'Beyond the end',
    detail: 'The chat has no such seq yet.',
  },
  workspace_required: {
    status: 422,
    title: 'Workspace required',
    detail: 'You are in several workspaces or in none: name one.',
  },
  headers_too_large: {
    status: 431,
    title: 'Headers too large',
    detail: 'The request line and the headers may have 16 KiB together.',
  },
  rate_limited: { status: 429, title: 'Too many requests', detail: 'Try again later.' },
  internal: { status: 500, title: 'Server error', detail: 'Something went wrong on the server.' },
  no_mail: {
    status: 409,
    title: 'No mail',
    detail: 'This instance sends no mail. Ask whoever runs it for a new password.',
  },
  unavailable: {
    status: 503,
    title: 'Unavailable',
    detail: 'The server cannot do this right now. Try again.',
  },
  storage_full: {
    status: 507,
    title: 'Storage full',
    detail: 'The server has no room for files right now. Nothing was kept.',
  },
} as const satisfies Record<string, Refusal>

export type ErrorCode = keyof typeof errors

/** What any call may answer besides its own errors. */
export const commonErrors = ['invalid_request', 'rate_limited', 'internal', 'unavailable'] as const

/** RFC 9457 problem details, with Parley's stable code and the request's id. */
export const Problem = object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  request_id: Type.String(),
  /** How much would have been taken, where a limit is why. */
  limit: Type.Optional(Type.Integer()),
  /** What to bring to the second step of signing in. */
  challenge: Type.Optional(Type.String()),
  errors: Type.Optional(
    Type.Array(object({ path: Type.String(), code: Type.String(), message: Type.String() })),
  ),
})
export type Problem = Static<typeof Problem>
