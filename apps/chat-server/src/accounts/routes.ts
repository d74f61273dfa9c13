import { refresh, signIn, signOut, signUp } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { joinByInvite } from '@parley/core/access/invite'
import { changeAs } from '@parley/core/db/change'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import { isOutdated } from '@parley/core/passwords/hash'
import { checkPassword } from '@parley/core/passwords/policy'
import { issueToken } from '@parley/core/tokens/issue'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { beginner } from './begin.ts'
import { refreshCookie } from './cookie.ts'
import { devices } from './devices.ts'
import { erasure } from './erasure.ts'
import { password } from './password.ts'
import { profile } from './profile.ts'
import { recovery } from './recovery.ts'
import {
  findAccount,
  findMe,
  findWorkspace,
  foundOrJoin,
  insertUser,
  renewHash,
} from './queries.ts'
import { requireFactor, secondFactor } from './second-factor.ts'
import { endSession, rotateSession } from './sessions.ts'

/** One code, whichever of the two is taken. */
const accountTaken = {
  users_username: 'account_taken',
  users_email: 'account_taken',
} as const

export async function accounts(app: FastifyInstance, server: Server): Promise<void> {
  const { clock, config, masterKey, passwords, pool, signing } = server
  const cookie = refreshCookie(config)
  // Checked in place of a hash where there is no account, so that both take one verification.
  const nobodysHash = await passwords.hash('nobody has this password')

  const signedIn = beginner(server, cookie)

  /** Hashes a password again that costs a guesser less than one of today; whatever fails, the next time. */
  async function renew(account: { id: number; password_hash: string }, password: string) {
    if (!isOutdated(account.password_hash)) return
    try {
      const renewed = await passwords.hash(password)
      await renewHash(pool, account.id, account.password_hash, renewed)
    } catch (error) {
      server.log.warn({ err: error }, 'a password was not hashed again')
    }
  }

  route(app, signUp, async ({ body, by, request, reply }) => {
    const { email, workspace, invite } = body
    const username = nameFrom('/body/username', body.username)
    const name = workspace === undefined ? undefined : nameFrom('/body/workspace', workspace)
    if (config.signup === 'closed') refuse('sign_up_closed')
    if (config.signup === 'invite' && invite === undefined) refuse('sign_up_closed')
    const fault = await checkPassword(body.password, config, [username, email, name])
    if (fault) refuse(fault)
    const hash = await passwords.hash(body.password)
    // Where two found a workspace at the same moment, one of them comes too late.
    const made = await unlessTaken(
      changeAs(pool, by, async (db) => {
        const user = await insertUser(db, username, email, hash)
        const target = { kind: 'user', id: user.id } as const
        await audit(db, { ...by, userId: user.id }, { action: 'account.created', target })
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
    return { ...made, ...(await signedIn(made.user, { by, request, reply })) }
  })

  route(app, signIn, async ({ body, by, request, reply }) => {
    const account = await findAccount(pool, body.email)
    const matches = await passwords.verify(account?.password_hash ?? nobodysHash, body.password)
    if (!account || !matches || account.status !== 'active') {
      const target = account && ({ kind: 'user', id: account.id } as const)
      await audit(pool, by, { action: 'sign_in.refused', ...(target && { target }) })
      return refuse('invalid_credentials')
    }
    await renew(account, body.password)
    await requireFactor(pool, account.id)
    const { id, username, avatar_id, email, created_at } = account
    return signedIn({ id, username, avatar_id, email, created_at }, { by, request, reply })
  })

  route(app, refresh, async ({ body, by, request, reply }) => {
    const brought = cookie.read(request, body.refresh_token)
    const renewed =
      brought === undefined ? undefined : await rotateSession(pool, masterKey, by, brought)
    const user = renewed && (await findMe(pool, renewed.userId))
    if (!renewed || !user) return refuse('invalid_refresh_token')
    cookie.set(reply, renewed.refreshToken)
    const token = await issueToken(signing, config.publicUrl, user.id, renewed.sessionId, clock)
    return { token, user }
  })

  route(app, signOut, async ({ body, by, request, reply }) => {
    const token = cookie.read(request, body.refresh_token)
    if (token !== undefined) await changeAs(pool, by, (db) => endSession(db, token))
    cookie.clear(reply)
    return null
  })

  secondFactor(app, server, signedIn)
  profile(app, server)
  devices(app, server)
  password(app, server, signedIn)
  recovery(app, server)
  erasure(app, server, cookie)
}
