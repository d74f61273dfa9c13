import { randomBytes } from 'node:crypto'
import {
  beginTotp,
  confirmTotp,
  getSecondFactors,
  removeTotp,
  renewRecoveryCodes,
} from '@parley/contract'
import { audit } from '@parley/core/audit/audit'
import { changeAs } from '@parley/core/db/change'
import { refuse } from '@parley/core/http/problem'
import { route } from '@parley/core/http/route'
import { tellOwner } from '@parley/core/mail/way-changed'
import { base32 } from '@parley/core/second-factor/base32'
import { factorsOf, renewCodes } from '@parley/core/second-factor/codes'
import { confirmSecret, keepSecret, dropFactor } from '@parley/core/second-factor/factor'
import { requireFactorLeft, requiredBy } from '@parley/core/second-factor/required'
import { otpauthUri } from '@parley/core/second-factor/totp'
import { seal } from '@parley/core/tokens/seal'
import type { FastifyInstance } from 'fastify'
import type { Server } from '../server.ts'
import { findMe } from './queries.ts'

/** As long as the hash that the codes are made by (RFC 4226, 4, R6). */
const secretBytes = 20

/** Codes of an authenticator app: having them, and not having them any more. */
export function secondFactor(app: FastifyInstance, server: Server): void {
  const { clock, config, masterKey, pool } = server
  route(app, getSecondFactors, async ({ principal: { userId } }) => ({
    ...(await factorsOf(pool, userId)),
    required_by: await requiredBy(pool, userId),
  }))

  route(app, beginTotp, async ({ principal: { userId } }) => {
    const { email } = (await findMe(pool, userId)) ?? refuse('not_signed_in')
    const secret = randomBytes(secretBytes)
    if (!(await keepSecret(pool, userId, seal(masterKey, secret)))) refuse('second_factor_exists')
    const text = base32(secret)
    return { secret: text, uri: otpauthUri(text, config.instanceName, email) }
  })

  route(app, confirmTotp, ({ principal: { userId }, by, body: { code } }) =>
    changeAs(pool, by, async (db) => {
      const means = { masterKey, now: clock.now() }
      const recovery_codes = (await confirmSecret(db, userId, code, means)) ?? refuse('wrong_code')
      await audit(db, by, { action: 'totp.added', target: { kind: 'user', id: userId } })
      await tellOwner(db, server, userId, 'totp_added')
      return { recovery_codes }
    }),
  )

  route(app, renewRecoveryCodes, ({ principal: { userId }, by }) =>
    changeAs(pool, by, async (db) => {
      const recovery_codes = (await renewCodes(db, userId)) ?? refuse('no_second_factor')
      const target = { kind: 'user', id: userId } as const
      await audit(db, by, { action: 'recovery_codes.renewed', target })
      await tellOwner(db, server, userId, 'recovery_codes_renewed')
      return { recovery_codes }
    }),
  )

  route(app, removeTotp, async ({ principal: { userId, sessionId }, by }) => {
    await changeAs(pool, by, async (db) => {
      const target = { kind: 'user', id: userId } as const
      if (!(await dropFactor(db, userId))) return
      await requireFactorLeft(db, sessionId)
      await audit(db, by, { action: 'totp.removed', target })
      await tellOwner(db, server, userId, 'totp_removed')
    })
    return null
  })
}
