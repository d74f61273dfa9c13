import { signInSecond } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { useFactor } from '@parley/core/second-factor/factor'
import { beginPending, endPending, takeTry } from '@parley/core/second-factor/pending'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import type { Begin } from './begin.ts'
import { findMe } from './queries.ts'

/** Refuses who has to give a code, with what to bring along. */
export async function requireFactor(pool: Server['pool'], userId: number): Promise<void> {
  const pending = await beginPending(pool, userId)
  if (pending === 'too many') refuse('rate_limited', { retryAfterSeconds: 300 })
  if (pending) refuse('second_factor_required', pending)
}

/** Signing in goes on with a code of an app, or a recovery code. */
export function secondStep(
  app: FastifyInstance,
  { clock, masterKey, pool }: Server,
  begin: Begin,
): void {
  route(app, signInSecond, async ({ body: { challenge, code }, by, request, reply }) => {
    const userId = (await takeTry(pool, challenge)) ?? refuse('sign_in_expired')
    if (!(await useFactor(pool, userId, code, { masterKey, now: clock.now() }))) {
      const target = { kind: 'user', id: userId } as const
      await audit(pool, by, { action: 'sign_in.refused', target, detail: { because: 'code' } })
      refuse('wrong_code')
    }
    // Of two who bring the same challenge and a good code each, one comes too late.
    const user = (await endPending(pool, challenge)) && (await findMe(pool, userId))
    return begin(user || refuse('sign_in_expired'), { by, request, reply })
  })
}
