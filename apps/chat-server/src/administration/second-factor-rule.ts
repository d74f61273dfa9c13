import { getSecondFactorRule, setSecondFactorRule } from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'

const findRule = (db: Db) =>
  db.one(sql<{ required: boolean }>`
    select requires_second_factor as required from instance_policy`)

/** A trigger ends the sessions of those who have none. */
const setRule = (db: Db, required: boolean) =>
  db.run(sql`
    update instance_policy set requires_second_factor = ${required}
    where requires_second_factor <> ${required}`)

/** Whether the instance asks for a second factor of everybody; its administrators have one. */
export function secondFactorRule(app: FastifyInstance, { pool }: Server): void {
  route(app, getSecondFactorRule, () => findRule(pool))

  route(app, setSecondFactorRule, ({ by, body: { required } }) =>
    changeAs(pool, by, async (db) => {
      if ((await setRule(db, required)) > 0)
        await audit(db, by, { action: `second_factor_rule.${required ? 'added' : 'removed'}` })
      return findRule(db)
    }),
  )
}
