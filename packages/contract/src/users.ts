import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import {
  Email,
  Id,
  Limit,
  Name,
  Nothing,
  PictureId,
  Time,
  Username,
  nullable,
  object,
} from './fields.ts'
import { Workspace } from './workspaces.ts'

/** What everybody who meets a person may know. */
export const User = object({ id: Id, username: Username, avatar_id: PictureId })
export type User = Static<typeof User>

/** What a person knows of themselves. */
export const Me = object({
  id: Id,
  username: Username,
  avatar_id: PictureId,
  email: Email,
  created_at: Time,
  is_admin: Type.Boolean({ description: 'Whether they administer the instance' }),
})
export type Me = Static<typeof Me>

/** As it is typed, where a letter and its accents may be several characters; as one they are 256 at most. */
export const Password = Type.String({ minLength: 1, maxLength: 1024 })
export const Token = Type.String({ description: 'Access token: a JWT, valid for ten minutes' })
const RefreshToken = Type.String({ minLength: 1, maxLength: 256 })
/** A call without a body counts as an empty one. */
const RefreshBody = object({ refresh_token: Type.Optional(RefreshToken) })

export const signUp = endpoint({
  method: 'POST',
  path: '/api/signup',
  summary: 'Make an account; found or join a workspace. Sets the refresh cookie.',
  tag: 'Accounts',
  auth: 'none',
  session: 'begins',
  body: object({
    username: Username,
    email: Email,
    password: Password,
    workspace: Type.Optional(Name),
    invite: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  }),
  replies: { 201: object({ token: Token, user: Me, workspace: Type.Optional(Workspace) }) },
  errors: [
    'sign_up_closed',
    'account_taken',
    'workspace_name_taken',
    'weak_password',
    'long_password',
    'common_password',
    'invite_gone',
    'not_found',
  ],
})

export const signIn = endpoint({
  method: 'POST',
  path: '/api/signin',
  summary: 'Sign in. Sets the refresh cookie.',
  tag: 'Accounts',
  auth: 'none',
  session: 'begins',
  body: object({ email: Type.String({ minLength: 1, maxLength: 254 }), password: Password }),
  replies: { 200: object({ token: Token, user: Me }) },
  errors: ['invalid_credentials', 'second_factor_required', 'rate_limited'],
})

export const refresh = endpoint({
  method: 'POST',
  path: '/api/auth/refresh',
  summary: 'Trade the refresh token, of the cookie or the body, for a new pair.',
  tag: 'Accounts',
  auth: 'none',
  session: 'begins',
  body: RefreshBody,
  replies: { 200: object({ token: Token, user: Me }) },
  errors: ['invalid_refresh_token', 'origin_refused'],
})

export const signOut = endpoint({
  method: 'POST',
  path: '/api/auth/signout',
  summary: 'End the session of the refresh token; clears the cookie.',
  tag: 'Accounts',
  auth: 'none',
  session: 'ends',
  body: RefreshBody,
  replies: { 204: Nothing },
  errors: ['origin_refused'],
})

export const getMe = endpoint({
  method: 'GET',
  path: '/api/me',
  summary: 'Who the caller is.',
  tag: 'Accounts',
  auth: 'access',
  replies: { 200: Me },
})

export const updateMe = endpoint({
  method: 'PATCH',
  path: '/api/me',
  summary:
    'Change the caller’s username or picture. The picture is made of a file of theirs that hangs on no message: the middle of it, 128 by 128 pixels, takes the file’s place. Null takes it away.',
  tag: 'Accounts',
  auth: 'access',
  body: object({
    username: Type.Optional(Username),
    avatar_id: Type.Optional(nullable(Id)),
  }),
  replies: { 200: Me },
  errors: ['account_taken', 'unknown_file', 'not_a_picture', 'storage_full'],
})

export const eraseMe = endpoint({
  method: 'POST',
  path: '/api/me/erase',
  summary:
    'Erase the caller’s account, for good. What they wrote to others stays, by nobody’s name; workspaces and chats with nobody else are deleted. Whoever has no password needs a session that was confirmed lately in its place.',
  tag: 'Accounts',
  auth: 'access',
  body: object({ password: Type.Optional(Password) }),
  replies: { 204: Nothing },
  errors: ['wrong_password', 'confirmation_required', 'last_owner', 'last_admin'],
})

export const listUsers = endpoint({
  method: 'GET',
  path: '/api/users',
  summary:
    'People who share a workspace or a chat with the caller, by part of their name or by id.',
  tag: 'Accounts',
  auth: 'access',
  query: object({
    query: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 100 })),
    limit: Type.Optional(Limit),
  }),
  replies: { 200: object({ users: Type.Array(User) }) },
})
