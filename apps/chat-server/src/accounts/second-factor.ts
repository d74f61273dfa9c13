import { randomBytes } from 'node:crypto'
import { beginTotp, confirmTotp, removeTotp, signInSecond } from '@parley/contract'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { base32 } from '@parley/core/second-factor/base32'
import {
  confirmSecret,
  keepSecret,
  removeFactor,
  useFactor,
} from '@parley/core/second-factor/factor'
import { beginPending, endPending, takeTry } from '@parley/core/second-factor/pending'
import { otpauthUri } from '@parley/core/second-factor/totp'
import { seal } from '@parley/core/tokens/seal'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { Begin } from './begin.ts'
import type { Proves } from './proof.ts'
import { findMe } from './queries.ts'

/** As long as the hash that the codes are made by (RFC 4226, 4, R6). */
const secretBytes = 20

/** Refuses who has to give a code, with what to bring along. */
export async function requireFactor(pool: Server['pool'], userId: number): Promise<void> {
  const pending = await beginPending(pool, userId)
  if (pending === 'too many') refuse('rate_limited', { retryAfterSeconds: 300 })
  if (pending) refuse('second_factor_required', pending)
}

/** Codes of an authenticator app: having them, not having them any more, signing in by them. */
export function secondFactor(
  app: FastifyInstance,
  { clock, config, masterKey, pool }: Server,
  { begin, proves }: { begin: Begin; proves: Proves },
): void {
  const means = () => ({ masterKey, now: clock.now() })

  async function confirm(userId: number, password: string, asked: Parameters<Proves>[2]) {
    if (!(await proves(userId, password, asked))) refuse('wrong_password')
    return (await findMe(pool, userId)) ?? refuse('not_signed_in')
  }

  route(app, beginTotp, async ({ principal: { userId }, body: { password }, request, reply }) => {
    const { email } = await confirm(userId, password, { request, reply })
    const secret = randomBytes(secretBytes)
    if (!(await keepSecret(pool, userId, seal(masterKey, secret)))) refuse('second_factor_exists')
    const text = base32(secret)
    return { secret: text, uri: otpauthUri(text, config.instanceName, email) }
  })

  route(app, confirmTotp, async ({ principal: { userId }, body: { code } }) => {
    const codes = await confirmSecret(pool, userId, code, means())
    return { recovery_codes: codes ?? refuse('wrong_code') }
  })

  route(app, removeTotp, async ({ principal: { userId }, body: { password }, request, reply }) => {
    await confirm(userId, password, { request, reply })
    await removeFactor(pool, userId)
    return null
  })

  route(app, signInSecond, async ({ body: { challenge, code }, by, request, reply }) => {
    const userId = (await takeTry(pool, challenge)) ?? refuse('sign_in_expired')
    if (!(await useFactor(pool, userId, code, means()))) refuse('wrong_code')
    // Of two who bring the same challenge and a good code each, one comes too late.
    const user = (await endPending(pool, challenge)) && (await findMe(pool, userId))
    return begin(user || refuse('sign_in_expired'), { by, request, reply })
  })
}
