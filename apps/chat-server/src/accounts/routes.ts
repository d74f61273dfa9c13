import { signUp } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { joinByInvite } from '@parley/core/access/invite'
import { signUpPolicy } from '@parley/core/access/sign-up'
import { changeAs } from '@parley/core/db/change'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import { checkPassword } from '@parley/core/passwords/policy'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { admission } from './admission.ts'
import { beginner, opener } from './begin.ts'
import { refreshCookie } from './cookie.ts'
import { devices } from './devices.ts'
import { erasure } from './erasure.ts'
import { openid } from './openid/routes.ts'
import { passkeys } from './passkeys/passkeys.ts'
import { password } from './password.ts'
import { profile } from './profile.ts'
import { prover } from './proof.ts'
import { recovery } from './recovery.ts'
import { findWorkspace, foundOrJoin, insertUser } from './queries.ts'
import { renewal } from './renewal.ts'
import { secondFactor } from './second-factor.ts'
import { secondStep } from './second-step.ts'
import { signingIn } from './sign-in.ts'

/** One code, whichever of the two is taken. */
const accountTaken = {
  users_username: 'account_taken',
  users_email: 'account_taken',
} as const

export async function accounts(app: FastifyInstance, server: Server): Promise<void> {
  const { config, passwords, pool } = server
  const cookie = refreshCookie(config)
  const signIns = admission(server)
  app.addHook('onClose', signIns.startForgetting())
  const open = opener(server, cookie)
  const signedIn = beginner(server, open, signIns)
  const proves = prover(server, signIns)

  route(app, signUp, async ({ body, by, request, reply }) => {
    const { email, workspace, invite } = body
    const username = nameFrom('/body/username', body.username)
    const name = workspace === undefined ? undefined : nameFrom('/body/workspace', workspace)
    const { signup } = await signUpPolicy(pool, config)
    if (signup === 'closed' || (signup === 'invite' && invite === undefined))
      refuse('sign_up_closed')
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

  await signingIn(app, server, signIns, signedIn)
  renewal(app, server, signIns, cookie)
  secondStep(app, server, signedIn)
  secondFactor(app, server)
  passkeys(app, server, signedIn)
  profile(app, server)
  devices(app, server)
  password(app, server, { begin: signedIn, proves })
  recovery(app, server, signIns)
  openid(app, server, open)
  erasure(app, server, proves, cookie)
}
