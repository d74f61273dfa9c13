import { type Me, refresh, signIn, signOut, signUp } from '@parley/contract'
import { joinByInvite } from '@parley/core/access/invite'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import { issueToken } from '@parley/core/tokens/issue'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../server.ts'
import { admission } from './admission.ts'
import { refreshCookie } from './cookie.ts'
import { deviceOf } from './device.ts'
import { erasure } from './erasure.ts'
import { profile } from './profile.ts'
import { findAccount, findMe, findWorkspace, foundOrJoin, insertUser } from './queries.ts'
import { beginSession, endSession, rotateSession } from './sessions.ts'

/** One code, whichever of the two is taken. */
const accountTaken = {
  users_username: 'account_taken',
  users_email: 'account_taken',
} as const

export async function accounts(app: FastifyInstance, server: Server): Promise<void> {
  const { clock, config, masterKey, passwords, pool, signing } = server
  const cookie = refreshCookie(config)
  const signIns = admission(server)
  app.addHook('onClose', signIns.startForgetting())
  // Checked in place of a hash where there is no account, so that both take one verification.
  const nobodysHash = await passwords.hash('nobody has this password')

  const issue = (user: Me, sessionId: number): Promise<string> =>
    issueToken(signing, config.publicUrl, user.id, sessionId, clock)

  async function signedIn(user: Me, request: FastifyRequest, reply: FastifyReply) {
    // A browser has one session: the one before, perhaps put there by somebody else, ends.
    const replaced = cookie.replaced(request)
    if (replaced !== undefined) await endSession(pool, replaced)
    const { sessionId, refreshToken } = await beginSession(pool, user.id, deviceOf(request))
    cookie.set(reply, refreshToken)
    signIns.remember(request, reply, user.email)
    return { token: await issue(user, sessionId), user }
  }

  route(app, signUp, async ({ body, request, reply }) => {
    const { email, password, workspace, invite } = body
    const username = nameFrom('/body/username', body.username)
    const name = workspace === undefined ? undefined : nameFrom('/body/workspace', workspace)
    if (config.signup === 'closed') refuse('sign_up_closed')
    if (config.signup === 'invite' && invite === undefined) refuse('sign_up_closed')
    if (Array.from(password).length < config.passwordMinLength) refuse('weak_password')
    const hash = await passwords.hash(password)
    // Where two found a workspace at the same moment, one of them comes too late.
    const made = await unlessTaken(
      pool.transaction(async (db) => {
        const user = await insertUser(db, username, email, hash)
        if (invite === undefined && name === undefined) return { user }
        const workspaceId =
          invite === undefined
            ? await foundOrJoin(db, user.id, name ?? '')
            : await joinByInvite(db, user.id, invite, name)
        if (workspaceId === undefined) return refuse('workspace_name_taken')
        return { user, workspace: await findWorkspace(db, user.id, workspaceId) }
      }),
      { ...accountTaken, workspaces_name: 'workspace_name_taken' },
    )
    return { ...made, ...(await signedIn(made.user, request, reply)) }
  })

  route(app, signIn, async ({ body, request, reply }) => {
    const account = await signIns.check({ request, reply, email: body.email }, async () => {
      const known = await findAccount(pool, body.email)
      const matches = await passwords.verify(known?.password_hash ?? nobodysHash, body.password)
      return matches && known?.status === 'active' ? known : undefined
    })
    if (!account) return refuse('invalid_credentials')
    const { id, username, avatar_id, email, created_at } = account
    return signedIn({ id, username, avatar_id, email, created_at }, request, reply)
  })

  route(app, refresh, async ({ body, request, reply }) => {
    const token = cookie.read(request, body.refresh_token)
    const renewed = token === undefined ? undefined : await rotateSession(pool, masterKey, token)
    const user = renewed && (await findMe(pool, renewed.userId))
    if (!renewed || !user) return refuse('invalid_refresh_token')
    cookie.set(reply, renewed.refreshToken)
    // Also where the session is older than this cookie.
    signIns.remember(request, reply, user.email)
    return { token: await issue(user, renewed.sessionId), user }
  })

  route(app, signOut, async ({ body, request, reply }) => {
    const token = cookie.read(request, body.refresh_token)
    if (token !== undefined) await endSession(pool, token)
    cookie.clear(reply)
    return null
  })

  profile(app, server)
  erasure(app, server, cookie)
}
