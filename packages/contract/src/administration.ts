import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Email, Id, Limit, Nothing, Time, Username, nullable, object } from './fields.ts'
import { SignUpPolicy } from './instance.ts'
import { Me, User } from './users.ts'
import { JoinPolicy } from './workspaces.ts'

const tag = 'Administration'

/** Page by page: those before the last one of the page before. */
const page = { before: Type.Optional(Id), limit: Type.Optional(Limit) }
const Query = Type.String({ minLength: 1, maxLength: 64 })

/** An account, as the instance's administrators see it. */
export const Account = object({
  id: Id,
  username: Username,
  email: Email,
  status: Type.Enum(['active', 'disabled']),
  is_admin: Type.Boolean(),
  second_factor: Type.Boolean({ description: 'Whether signing in takes more than a password' }),
  created_at: Time,
  last_used_at: nullable(Time),
})
export type Account = Static<typeof Account>

const byUser = object({ user_id: Id })

export const setUp = endpoint({
  method: 'POST',
  path: '/api/setup',
  summary:
    'Become an administrator of the instance by the secret of a setup link, which counts once and for an hour.',
  tag,
  auth: 'access',
  body: object({ token: Type.String({ minLength: 1, maxLength: 128 }) }),
  replies: { 200: Me },
  errors: ['not_found'],
})

export const listAccounts = endpoint({
  method: 'GET',
  path: '/api/admin/users',
  summary: 'All accounts, by part of their name or address; the newest first, page by page.',
  tag,
  auth: 'admin',
  query: object({
    query: Type.Optional(Query),
    only: Type.Optional(Type.Enum(['active', 'disabled', 'admins'])),
    ...page,
  }),
  replies: { 200: object({ users: Type.Array(Account), has_more: Type.Boolean() }) },
})

export const getAccount = endpoint({
  method: 'GET',
  path: '/api/admin/users/:user_id',
  summary: 'One account.',
  tag,
  auth: 'admin',
  params: byUser,
  replies: { 200: Account },
})

export const updateAccount = endpoint({
  method: 'PATCH',
  path: '/api/admin/users/:user_id',
  summary:
    'Disable an account, which ends its sessions and streams at once, or enable it; make an administrator of it, or no longer.',
  tag,
  auth: 'admin',
  params: byUser,
  body: object({
    status: Type.Optional(Account.properties.status),
    is_admin: Type.Optional(Type.Boolean()),
  }),
  replies: { 200: Account },
  errors: ['last_admin'],
})

export const resetSecondFactor = endpoint({
  method: 'DELETE',
  path: '/api/admin/users/:user_id/second_factor',
  summary:
    'Take away the app, the recovery codes and the passkeys of somebody who has lost them. Signing in takes none of them any more.',
  tag,
  auth: 'admin',
  params: byUser,
  replies: { 204: Nothing },
})

export const endAccountSessions = endpoint({
  method: 'DELETE',
  path: '/api/admin/users/:user_id/sessions',
  summary: 'Sign somebody out everywhere.',
  tag,
  auth: 'admin',
  params: byUser,
  replies: { 204: Nothing },
})

/** A workspace, as the instance's administrators see it. */
export const WorkspaceSummary = object({
  id: Id,
  name: Type.String(),
  join_policy: JoinPolicy,
  member_count: Type.Integer(),
  owners: Type.Array(User, { description: 'Ten at the most' }),
  created_at: Time,
})
export type WorkspaceSummary = Static<typeof WorkspaceSummary>

export const listAllWorkspaces = endpoint({
  method: 'GET',
  path: '/api/admin/workspaces',
  summary: 'All workspaces, by part of their name; the newest first, page by page.',
  tag,
  auth: 'admin',
  query: object({ query: Type.Optional(Query), ...page }),
  replies: {
    200: object({ workspaces: Type.Array(WorkspaceSummary), has_more: Type.Boolean() }),
  },
})

/** Who may sign up. Null where nothing is chosen: then `default` counts, which the settings say. */
export const ChosenSignUp = object({
  signup: SignUpPolicy,
  chosen: nullable(SignUpPolicy),
  default: SignUpPolicy,
})
export type ChosenSignUp = Static<typeof ChosenSignUp>

export const getSignUpPolicy = endpoint({
  method: 'GET',
  path: '/api/admin/signup',
  summary: 'Who may sign up, and why.',
  tag,
  auth: 'admin',
  replies: { 200: ChosenSignUp },
})

export const setSignUpPolicy = endpoint({
  method: 'PUT',
  path: '/api/admin/signup',
  summary: 'Choose who may sign up, from now on and on all servers; null is what the settings say.',
  tag,
  auth: 'admin',
  body: object({ chosen: nullable(SignUpPolicy) }),
  replies: { 200: ChosenSignUp },
})

/** What the entries of the audit log say besides: ids, roles and settings. */
const AuditDetail = Type.Partial(
  object({
    because: Type.String(),
    at_terminal: Type.Boolean(),
    chat_id: Id,
    user_ids: Type.Array(Id),
    sender_id: Id,
    role: Type.String(),
    type: Type.String(),
    history: Type.String(),
    join_policy: Type.String(),
    signup: nullable(SignUpPolicy),
    entries: Type.Integer(),
    through: Id,
    hash: Type.String(),
  }),
)

/** Something that somebody did and that matters for security. */
export const AuditEntry = object({
  position: Id,
  at: Time,
  action: Type.String({ description: 'Such as `sign_in.refused`' }),
  actor_id: nullable(Id),
  workspace_id: nullable(Id),
  target_kind: nullable(Type.String()),
  target_id: nullable(Id),
  detail: AuditDetail,
})
export type AuditEntry = Static<typeof AuditEntry>

/** The same with where it came from, for the instance's administrators. */
export const FullAuditEntry = object({
  ...AuditEntry.properties,
  session_id: nullable(Id),
  network: Type.String(),
  request_id: Type.String(),
})
export type FullAuditEntry = Static<typeof FullAuditEntry>

const auditFilter = {
  action: Type.Optional(Type.String({ pattern: '^[a-z_]{1,32}(\\.[a-z_]{1,32})?$' })),
  actor_id: Type.Optional(Id),
  ...page,
}

export const listAudit = endpoint({
  method: 'GET',
  path: '/api/admin/audit',
  summary:
    'The audit log, the newest first, page by page; of one action (`sign_in.refused`, or all of `sign_in`), actor or workspace.',
  tag,
  auth: 'admin',
  query: object({ workspace_id: Type.Optional(Id), ...auditFilter }),
  replies: {
    200: object({
      entries: Type.Array(FullAuditEntry),
      /** Whom the entries name. */
      users: Type.Array(User),
      workspaces: Type.Array(object({ id: Id, name: Type.String() })),
      has_more: Type.Boolean(),
    }),
  },
})

export const listWorkspaceAudit = endpoint({
  method: 'GET',
  path: '/api/workspaces/:id/audit',
  summary:
    'What the audit log says of a workspace and of its chats, but for those that the caller may not see; owners.',
  tag,
  auth: 'access',
  params: object({ id: Id }),
  query: object(auditFilter),
  replies: {
    200: object({
      entries: Type.Array(AuditEntry),
      users: Type.Array(User),
      has_more: Type.Boolean(),
    }),
  },
  errors: ['not_found', 'forbidden'],
})

/** How large the instance is. */
export const Figures = object({
  version: Type.String(),
  users: Type.Integer(),
  disabled_users: Type.Integer(),
  active_today: Type.Integer({ description: 'Who used it in the last 24 hours' }),
  active_this_month: Type.Integer({ description: 'The same of the last 30 days' }),
  workspaces: Type.Integer(),
  chats: Type.Integer(),
  messages: Type.Integer({ description: 'About' }),
  file_bytes: Type.Integer(),
  database_bytes: Type.Integer(),
})
export type Figures = Static<typeof Figures>

export const getFigures = endpoint({
  method: 'GET',
  path: '/api/admin/figures',
  summary: 'How many there are of what, and how much room they take.',
  tag,
  auth: 'admin',
  replies: { 200: Figures },
})
