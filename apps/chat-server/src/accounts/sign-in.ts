import { signIn } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { isOutdated, noPassword } from '@parley/core/passwords/hash'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { Admission } from './admission.ts'
import type { Begin } from './begin.ts'
import { findAccount, renewHash } from './queries.ts'
import { requireFactor } from './second-step.ts'

/** Signing in by a password, and a second factor where there is one. */
export async function signingIn(
  app: FastifyInstance,
  server: Server,
  signIns: Admission,
  begin: Begin,
): Promise<void> {
  const { log, passwords, pool } = server
  // Checked in place of a hash where there is no account, or it has no password, so that both take one verification.
  const nobodysHash = await passwords.hash('nobody has this password')

  /** Hashes a password again that costs a guesser less than one of today; whatever fails, the next time. */
  async function renew(account: { id: number; password_hash: string }, password: string) {
    if (!isOutdated(account.password_hash)) return
    try {
      const renewed = await passwords.hash(password)
      await renewHash(pool, account.id, account.password_hash, renewed)
    } catch (error) {
      log.warn({ err: error }, 'a password was not hashed again')
    }
  }

  route(app, signIn, async ({ body, by, request, reply }) => {
    let tried: number | undefined
    const account = await signIns.check({ request, reply, email: body.email }, async () => {
      const known = await findAccount(pool, body.email)
      tried = known?.id
      const hash = known?.password_hash ?? noPassword
      const matches = await passwords.verify(
        hash === noPassword ? nobodysHash : hash,
        body.password,
      )
      const fits = matches && hash !== noPassword && known?.status === 'active'
      return fits ? known : undefined
    })
    if (!account) {
      const target = tried === undefined ? undefined : ({ kind: 'user', id: tried } as const)
      await audit(pool, by, { action: 'sign_in.refused', ...(target && { target }) })
      return refuse('invalid_credentials')
    }
    await renew(account, body.password)
    await requireFactor(pool, account.id)
    const { password_hash: _hash, status: _status, ...me } = account
    return begin(me, { by, request, reply })
  })
}
