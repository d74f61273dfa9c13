import { secondFactorDue } from '@parley/core/second-factor/required'
import { issueToken } from '@parley/core/tokens/issue'
import type { Server } from '../server.ts'

/** An access token of a session; only for setting up a second factor where one is due. */
export type TokenFor = (userId: number, sessionId: number) => Promise<string>

export const tokens =
  ({ clock, config, pool, signing }: Server): TokenFor =>
  async (userId, sessionId) => {
    const due = await secondFactorDue(pool, sessionId)
    return issueToken(await signing(), config.publicUrl, userId, sessionId, clock, due)
  }
