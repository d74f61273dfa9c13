import type { PasskeyProof } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { type Actor, changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import type { Server } from '../../server.ts'
import { type Purpose, takeChallenge } from './challenges.ts'
import { handleOf } from './options.ts'
import { type KeptKey, findKey, noteUse } from './queries.ts'
import type { RelyingParty } from './relying-party.ts'
import { challengeIn, verifiedProof } from './verify.ts'

interface Asked {
  party: RelyingParty
  purpose: Purpose
  /** Whose passkey it has to be, where that is known. */
  userId?: number
  by: Actor
}

/** Whose passkey this is, which has signed what was asked; refuses all others, and notes both. */
export async function prove(
  { pool }: Pick<Server, 'pool'>,
  credential: PasskeyProof,
  { party, purpose, userId, by }: Asked,
): Promise<number> {
  const detail = { for: purpose.for }

  async function refused(because: string, key?: KeptKey): Promise<never> {
    await audit(pool, by, {
      action: 'passkey.refused',
      ...(key && { target: { kind: 'passkey', id: key.id } }),
      detail: { ...detail, because },
    })
    return refuse('passkey_refused')
  }

  const challenge = challengeIn(credential)
  // Whatever comes of it, nobody brings it again.
  if (challenge === undefined || !(await takeChallenge(pool, challenge, purpose)))
    return refused('challenge')
  const key = await findKey(pool, Buffer.from(credential.id, 'base64url'))
  if (!key) return refused('unknown')
  // The device of who was not asked by name says whose key it has (WebAuthn 3, 7.2, step 6).
  const handle = credential.response.userHandle ?? undefined
  const isOwn = userId === undefined ? handle !== undefined : key.user_id === userId
  if (!isOwn || (handle !== undefined && handle !== handleOf(key.user_id)))
    return refused('other user', key)
  // Who has given the password is one factor already, and the device in their hands the other.
  const verifiesUser = purpose.for !== 'second'
  const proof = await verifiedProof(party, credential, { challenge, key, verifiesUser })
  if (!proof) return refused('proof', key)
  const actor = { ...by, userId: key.user_id }
  const noted = await changeAs(pool, actor, async (db) => {
    if (!(await noteUse(db, key.id, proof))) return false
    await audit(db, actor, {
      action: 'passkey.used',
      target: { kind: 'passkey', id: key.id },
      detail,
    })
    return true
  })
  return noted ? key.user_id : refused('counter', key)
}
