import {
  endAccountSessions,
  getAccount,
  listAccounts,
  resetSecondFactor,
  updateAccount,
} from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import type { Db } from '@parley/core/db/connection'
import { refuse } from '@parley/core/http/problem'
import { tellOwner } from '@parley/core/mail/way-changed'
import { route } from '@parley/core/http/route'
import { unlessTaken } from '@parley/core/http/taken'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { dropFactors, endSessions, findAccount, findAccounts, setAccount } from './accounts.ts'
import { pageOf } from './page.ts'

const lastAdmin = { users_last_admin: 'last_admin' } as const

/** The accounts of the instance, for its administrators. */
export function users(app: FastifyInstance, server: Server): void {
  const { pool } = server
  const account = async (db: Db, userId: number) =>
    (await findAccount(db, userId)) ?? refuse('not_found')

  route(app, listAccounts, async ({ query: { limit = 50, ...query } }) => {
    const { rows, has_more } = pageOf(
      await findAccounts(pool, { ...query, limit: limit + 1 }),
      limit,
    )
    return { users: rows, has_more }
  })

  route(app, getAccount, ({ params: { user_id: id } }) => account(pool, id))

  // Triggers note it in the audit log, as whatever changes these two.
  route(app, updateAccount, ({ params: { user_id: id }, by, body }) =>
    unlessTaken(
      changeAs(pool, by, async (db) => {
        await setAccount(db, id, body)
        return account(db, id)
      }),
      lastAdmin,
    ),
  )

  route(app, resetSecondFactor, ({ params: { user_id: id }, by }) =>
    changeAs(pool, by, async (db) => {
      await account(db, id)
      await dropFactors(db, id)
      const target = { kind: 'user', id } as const
      await audit(db, by, { action: 'second_factor.reset', target })
      await tellOwner(db, server, id, 'factors_reset')
      return null
    }),
  )

  route(app, endAccountSessions, ({ params: { user_id: id }, by }) =>
    changeAs(pool, by, async (db) => {
      await account(db, id)
      await endSessions(db, id)
      return null
    }),
  )
}
