import Type, { type Static } from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, Limit, Name, Nothing, PictureId, Time, byId, nullable, object } from './fields.ts'

export const Role = Type.Enum(['owner', 'admin', 'member'])
export type Role = Static<typeof Role>

export const JoinPolicy = Type.Enum(['invite', 'open'])

export const Workspace = object({
  id: Id,
  name: Name,
  join_policy: JoinPolicy,
  member_count: Type.Integer(),
  /** The caller's. */
  role: Role,
  created_at: Time,
  icon_id: PictureId,
})
export type Workspace = Static<typeof Workspace>

/** A workspace as those see it who are not in it: open to join, or invited to. */
export const WorkspacePreview = object({ id: Id, name: Name, member_count: Type.Integer() })

/** A person in a workspace or a chat. */
export const Member = object({
  id: Id,
  username: Type.String(),
  avatar_id: PictureId,
  role: Role,
})
export type Member = Static<typeof Member>

export const MemberPage = object({ members: Type.Array(Member), has_more: Type.Boolean() })
export const MemberPageQuery = object({
  after: Type.Optional(Id),
  limit: Type.Optional(Limit),
})

export const Invite = object({
  code: Type.String(),
  role: Type.Enum(['admin', 'member']),
  expires_at: nullable(Time),
  max_uses: nullable(Type.Integer()),
  uses: Type.Integer(),
  created_by: Id,
  created_at: Time,
})
export type Invite = Static<typeof Invite>

const byMember = object({ id: Id, user_id: Id })
const byCode = object({ code: Type.String({ minLength: 1, maxLength: 64 }) })

export const createWorkspace = endpoint({
  method: 'POST',
  path: '/api/workspaces',
  summary: 'Found a workspace, with its channel general; the caller owns it.',
  tag: 'Workspaces',
  auth: 'access',
  body: object({ name: Name, join_policy: Type.Optional(JoinPolicy) }),
  replies: { 201: Workspace },
  errors: ['workspace_name_taken'],
})

export const listWorkspaces = endpoint({
  method: 'GET',
  path: '/api/workspaces',
  summary: 'The caller’s workspaces, and those that anybody may join.',
  tag: 'Workspaces',
  auth: 'access',
  replies: {
    200: object({ workspaces: Type.Array(Workspace), open: Type.Array(WorkspacePreview) }),
  },
})

export const getWorkspace = endpoint({
  method: 'GET',
  path: '/api/workspaces/:id',
  summary: 'One workspace of the caller.',
  tag: 'Workspaces',
  auth: 'access',
  params: byId,
  replies: { 200: Workspace },
  errors: ['not_found'],
})

export const updateWorkspace = endpoint({
  method: 'PATCH',
  path: '/api/workspaces/:id',
  summary:
    'Change a workspace’s name, who may join, or its icon, which is made of a file of the caller’s as a person’s picture is; owners and admins.',
  tag: 'Workspaces',
  auth: 'access',
  params: byId,
  body: object({
    name: Type.Optional(Name),
    join_policy: Type.Optional(JoinPolicy),
    icon_id: Type.Optional(nullable(Id)),
  }),
  replies: { 200: Workspace },
  errors: [
    'not_found',
    'forbidden',
    'workspace_name_taken',
    'unknown_file',
    'not_a_picture',
    'storage_full',
  ],
})

export const deleteWorkspace = endpoint({
  method: 'DELETE',
  path: '/api/workspaces/:id',
  summary: 'Delete a workspace with its channels and messages; owners.',
  tag: 'Workspaces',
  auth: 'access',
  params: byId,
  replies: { 204: Nothing },
  errors: ['not_found', 'forbidden'],
})

export const joinWorkspace = endpoint({
  method: 'POST',
  path: '/api/workspaces/:id/join',
  summary: 'Join a workspace whose join policy is open.',
  tag: 'Workspaces',
  auth: 'access',
  params: byId,
  replies: { 200: Workspace },
  errors: ['not_found'],
})

export const listWorkspaceMembers = endpoint({
  method: 'GET',
  path: '/api/workspaces/:id/members',
  summary: 'The members, by id, page by page.',
  tag: 'Workspaces',
  auth: 'access',
  params: byId,
  query: MemberPageQuery,
  replies: { 200: MemberPage },
  errors: ['not_found'],
})

export const updateWorkspaceMember = endpoint({
  method: 'PATCH',
  path: '/api/workspaces/:id/members/:user_id',
  summary: 'Change a member’s role; owners.',
  tag: 'Workspaces',
  auth: 'access',
  params: byMember,
  body: object({ role: Role }),
  replies: { 200: Member },
  errors: ['not_found', 'forbidden', 'last_owner'],
})

export const removeWorkspaceMember = endpoint({
  method: 'DELETE',
  path: '/api/workspaces/:id/members/:user_id',
  summary: 'Leave, or remove a member of a lower role: from the workspace and all its channels.',
  tag: 'Workspaces',
  auth: 'access',
  params: byMember,
  replies: { 204: Nothing },
  errors: ['not_found', 'forbidden', 'last_owner'],
})

export const createInvite = endpoint({
  method: 'POST',
  path: '/api/workspaces/:id/invites',
  summary: 'Make an invite; owners and admins. Only owners invite admins.',
  tag: 'Workspaces',
  auth: 'access',
  params: byId,
  body: object({
    role: Type.Optional(Type.Enum(['admin', 'member'])),
    expires_in_seconds: Type.Optional(
      nullable(Type.Integer({ minimum: 1, maximum: 365 * 24 * 3600 })),
    ),
    max_uses: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 100_000 }))),
  }),
  replies: { 201: Invite },
  errors: ['not_found', 'forbidden'],
})

export const listInvites = endpoint({
  method: 'GET',
  path: '/api/workspaces/:id/invites',
  summary: 'The invites that still work; owners and admins.',
  tag: 'Workspaces',
  auth: 'access',
  params: byId,
  replies: { 200: object({ invites: Type.Array(Invite) }) },
  errors: ['not_found', 'forbidden'],
})

export const revokeInvite = endpoint({
  method: 'DELETE',
  path: '/api/workspaces/:id/invites/:code',
  summary: 'Revoke an invite; owners and admins.',
  tag: 'Workspaces',
  auth: 'access',
  params: object({ ...byId.properties, ...byCode.properties }),
  replies: { 204: Nothing },
  errors: ['not_found', 'forbidden'],
})

export const previewInvite = endpoint({
  method: 'GET',
  path: '/api/invites/:code',
  summary: 'Where an invite leads; open to anybody who holds it.',
  tag: 'Workspaces',
  auth: 'none',
  params: byCode,
  replies: { 200: object({ workspace: WorkspacePreview }) },
  errors: ['not_found', 'invite_gone'],
})

export const acceptInvite = endpoint({
  method: 'POST',
  path: '/api/invites/:code/accept',
  summary: 'Join the workspace of an invite.',
  tag: 'Workspaces',
  auth: 'access',
  params: byCode,
  replies: { 200: Workspace },
  errors: ['not_found', 'invite_gone'],
})
