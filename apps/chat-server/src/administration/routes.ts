import { getFigures, getSignUpPolicy, listAllWorkspaces, setSignUpPolicy } from '@parley/contract'
import { signUpPolicy } from '@parley/core/access/sign-up'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { route } from '@parley/core/http/route'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { version } from '../version.ts'
import { auditLog } from './audit-log.ts'
import { chooseSignUp, countAll, findWorkspaces } from './instance.ts'
import { pageOf } from './page.ts'
import { secondFactorRule } from './second-factor-rule.ts'
import { setup } from './setup.ts'
import { users } from './users.ts'

/** What the administrators of the instance do; `auth: 'admin'` of the contract keeps all others out. */
export function administration(app: FastifyInstance, server: Server): void {
  const { config, pool } = server
  setup(app, server)
  users(app, server)
  auditLog(app, server)
  secondFactorRule(app, server)

  route(app, listAllWorkspaces, async ({ query: { limit = 50, ...query } }) => {
    const found = await findWorkspaces(pool, { ...query, limit: limit + 1 })
    const { rows, has_more } = pageOf(found, limit)
    return { workspaces: rows, has_more }
  })

  route(app, getSignUpPolicy, () => signUpPolicy(pool, config))

  route(app, setSignUpPolicy, ({ by, body: { chosen } }) =>
    changeAs(pool, by, async (db) => {
      if ((await chooseSignUp(db, chosen)) > 0)
        await audit(db, by, { action: 'sign_up.changed', detail: { signup: chosen } })
      return signUpPolicy(db, config)
    }),
  )

  route(app, getFigures, async () => ({ version, ...(await countAll(pool)) }))
}
