import {
  addPasskey,
  beginAddPasskey,
  listPasskeys,
  removePasskey,
  renamePasskey,
} from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { nameFrom } from '@parley/core/http/name'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { tellOwner } from '@parley/core/mail/way-changed'
import { requireFactorLeft } from '@parley/core/second-factor/required'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../../server.ts'
import { findMe, lockAccount } from '../queries.ts'
import { requireWay } from '../ways.ts'
import { challengeUser, takeChallenge } from './challenges.ts'
import { creationOptions } from './options.ts'
import { keepKey, knownKeys, mostPasskeys, passkeysOf, removeKey, renameKey } from './queries.ts'
import { relyingParty } from './relying-party.ts'
import { challengeIn, verifiedKey } from './verify.ts'

/** Having passkeys, and not having them any more. */
export function keeping(app: FastifyInstance, server: Server): void {
  const { config, pool } = server
  const party = relyingParty(config)

  route(app, listPasskeys, async ({ principal: { userId } }) => ({
    passkeys: await passkeysOf(pool, userId),
  }))

  route(app, beginAddPasskey, async ({ principal: { userId } }) => {
    if (!party) return refuse('no_passkeys')
    const user = (await findMe(pool, userId)) ?? refuse('not_signed_in')
    const known = await knownKeys(pool, userId)
    if (known.length >= mostPasskeys) refuse('too_many_passkeys')
    const challenge = await challengeUser(pool, { for: 'add', userId })
    return { options: creationOptions(party, { challenge, user, known }) }
  })

  route(app, addPasskey, async ({ principal: { userId }, by, body: { name, credential } }) => {
    const named = nameFrom('/body/name', name)
    if (!party) return refuse('no_passkeys')
    const challenge = challengeIn(credential)
    const asked =
      challenge !== undefined && (await takeChallenge(pool, challenge, { for: 'add', userId }))
    const key = asked ? await verifiedKey(party, credential, challenge) : undefined
    if (!key) {
      const because = asked ? 'proof' : 'challenge'
      await audit(pool, by, { action: 'passkey.refused', detail: { for: 'add', because } })
      return refuse('passkey_refused')
    }
    return changeAs(pool, by, async (db) => {
      const kept = (await keepKey(db, userId, named, key)) ?? refuse('passkey_refused')
      if (kept === 'too many') return refuse('too_many_passkeys')
      const target = { kind: 'passkey', id: kept.id } as const
      await audit(db, by, { action: 'passkey.added', target })
      await tellOwner(db, server, userId, 'passkey_added')
      return kept
    })
  })

  route(app, renamePasskey, async ({ principal: { userId }, by, params, body }) => {
    const name = nameFrom('/body/name', body.name)
    const renamed = await changeAs(pool, by, (db) => renameKey(db, userId, params.passkey_id, name))
    return renamed ?? refuse('not_found')
  })

  route(app, removePasskey, async ({ principal, by, params: { passkey_id: id } }) => {
    await changeAs(pool, by, async (db) => {
      await lockAccount(db, principal.userId)
      if ((await removeKey(db, principal.userId, id)) === 0) refuse('not_found')
      await requireFactorLeft(db, principal.sessionId)
      await requireWay(db, principal.userId, config)
      await audit(db, by, { action: 'passkey.removed', target: { kind: 'passkey', id } })
      await tellOwner(db, server, principal.userId, 'passkey_removed')
    })
    return null
  })
}
