import { joinByInvite } from '@parley/core/access/invite'
import { signUpPolicy } from '@parley/core/access/sign-up'
import { audit } from '@parley/core/audit/audit'
import { type Actor, changeAs } from '@parley/core/db/change'
import { violated } from '@parley/core/db/errors'
import { Refusal } from '@parley/core/http/problem'
import { noPassword } from '@parley/core/passwords/hash'
import type { Server } from '../../server.ts'
import { findAccount, insertUser } from '../queries.ts'
import { usernameFrom, verifiedEmail } from './claims.ts'
import { Ended } from './outcome.ts'
import { inviteIn } from './place.ts'
import { type Identity, findLinked, freeName, insertLink } from './queries.ts'
import type { Arrived } from './return.ts'

/** Others may take the same name at the same moment. */
const mostTries = 5

/** Makes an account for somebody whom the provider knows and Parley does not; gives its id. */
export function newcomers({ config, pool }: Server) {
  /** What the provider tells of them, in what it signed or when it is asked: an address, and a name to have. */
  async function told({ claims, userInfo }: Arrived) {
    const isAll = claims['email'] !== undefined && claims['preferred_username'] !== undefined
    const more = isAll
      ? {}
      : await userInfo().catch((cause: unknown) => {
          throw new Ended('unreachable', { cause })
        })
    return {
      // Of one source: what verifies one address says nothing of another.
      email: verifiedEmail(claims['email'] === undefined ? { ...more } : claims),
      wanted: usernameFrom({ ...more, ...claims }),
    }
  }

  async function make(arrived: Arrived, identity: Identity, by: Actor): Promise<number> {
    const invite = inviteIn(arrived.flow.to)
    const { signup } = await signUpPolicy(pool, config)
    if (signup === 'closed' || (signup === 'invite' && invite === undefined))
      throw new Ended('closed')
    const { email, wanted } = await told(arrived)
    if (email === undefined) throw new Ended('unverified')
    // Whose account it is may be somebody else who had the address before: they link it themselves.
    if (await findAccount(pool, email)) throw new Ended('taken')
    return changeAs(pool, by, async (db) => {
      const username = await freeName(db, wanted)
      const { id } = await insertUser(db, username, email, noPassword)
      await insertLink(db, id, identity)
      const actor = { ...by, userId: id }
      const entry = { target: { kind: 'user', id }, detail: { by: 'openid' } } as const
      await audit(db, actor, { action: 'account.created', ...entry })
      await audit(db, actor, { action: 'openid.linked', ...entry })
      if (invite !== undefined) await joinByInvite(db, id, invite)
      return id
    })
  }

  return async (arrived: Arrived, identity: Identity, by: Actor): Promise<number> => {
    for (let left = mostTries; ; left--) {
      try {
        return await make(arrived, identity, by)
      } catch (error) {
        const taken = violated(error)
        if (taken === 'users_email') throw new Ended('taken')
        if (error instanceof Refusal) throw new Ended('invite_gone')
        // The same person twice at once: one of them has made it.
        const made = taken === 'openid_links_pkey' ? await findLinked(pool, identity) : undefined
        if (made) return made.id
        if (taken !== 'users_username' || left === 0) throw error
      }
    }
  }
}
