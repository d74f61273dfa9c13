import {
  beginConfirmByPasskey,
  beginSecondByPasskey,
  beginSignInByPasskey,
  confirmMeByPasskey,
  signInByPasskey,
  signInSecondByPasskey,
} from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { endPending, takeTry } from '@parley/core/second-factor/pending'
import { confirmSession } from '@parley/core/tokens/confirmation'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../../server.ts'
import type { Begin } from '../begin.ts'
import { findMe } from '../queries.ts'
import { challengePending, challengeStranger, challengeUser } from './challenges.ts'
import { keeping } from './keeping.ts'
import { requestOptions } from './options.ts'
import { prove } from './prove.ts'
import { type KnownKey, knownKeys } from './queries.ts'
import { relyingParty } from './relying-party.ts'

/** Passkeys: having them, signing in by them, and proving by them who one is. */
export function passkeys(app: FastifyInstance, server: Server, begin: Begin): void {
  const { config, pool } = server
  const party = relyingParty(config)

  async function keysOf(userId: number): Promise<KnownKey[]> {
    const keys = await knownKeys(pool, userId)
    return keys.length > 0 ? keys : refuse('no_passkey')
  }

  keeping(app, server)

  route(app, beginSignInByPasskey, async () => {
    if (!party) return refuse('no_passkeys')
    return { options: requestOptions(party, await challengeStranger(pool), [], 'required') }
  })

  route(app, signInByPasskey, async ({ body: { credential }, by, request, reply }) => {
    if (!party) return refuse('no_passkeys')
    const userId = await prove(server, credential, { party, purpose: { for: 'sign_in' }, by })
    const user = (await findMe(pool, userId)) ?? refuse('passkey_refused')
    return begin(user, { by, request, reply })
  })

  route(app, beginSecondByPasskey, async ({ body: { challenge: pending } }) => {
    if (!party) return refuse('no_passkeys')
    const begun = (await challengePending(pool, pending)) ?? refuse('sign_in_expired')
    const keys = await keysOf(begun.userId)
    return { options: requestOptions(party, begun.challenge, keys, 'preferred') }
  })

  route(app, signInSecondByPasskey, async ({ body, by, request, reply }) => {
    const { challenge: pending, credential } = body
    if (!party) return refuse('no_passkeys')
    const userId = (await takeTry(pool, pending)) ?? refuse('sign_in_expired')
    await prove(server, credential, { party, purpose: { for: 'second', pending }, userId, by })
    // Of two who bring the same pending sign-in, one comes too late.
    const user = (await endPending(pool, pending)) && (await findMe(pool, userId))
    return begin(user || refuse('sign_in_expired'), { by, request, reply })
  })

  route(app, beginConfirmByPasskey, async ({ principal: { userId } }) => {
    if (!party) return refuse('no_passkeys')
    const keys = await keysOf(userId)
    const challenge = await challengeUser(pool, { for: 'confirm', userId })
    return { options: requestOptions(party, challenge, keys, 'required') }
  })

  route(app, confirmMeByPasskey, async ({ principal, by, body: { credential } }) => {
    if (!party) return refuse('no_passkeys')
    const { sessionId, userId } = principal
    await prove(server, credential, { party, purpose: { for: 'confirm', userId }, userId, by })
    await changeAs(pool, by, async (db) => {
      if ((await confirmSession(db, principal)) === 0) refuse('not_signed_in')
      const target = { kind: 'session', id: sessionId } as const
      await audit(db, by, { action: 'session.confirmed', target })
    })
    return null
  })
}
