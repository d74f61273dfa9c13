import { createHmac, hkdfSync } from 'node:crypto'
import { tellLimit } from '@parley/core/http/limits'
import { refuse } from '@parley/core/http/problem'
import { blockOf } from '@parley/core/throttle/block'
import type { Counted } from '@parley/core/throttle/throttle'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../server.ts'
import { beginTry, forgetFailures, forgetOld, undoTry } from './failures.ts'
import { knownDevices } from './known-device.ts'

interface Try {
  request: FastifyRequest
  reply: FastifyReply
  /** As the account has it, so that all its spellings are one; as it was given where there is none. */
  email: string
}

const everyHourMs = 3_600_000

/**
 * Who may try a password at sign-in, and how often. A try is counted as failed before its password is
 * looked at, and whether there is such an account makes no difference anywhere here.
 */
export function admission({ config, pool, masterKey, throttle, log }: Server) {
  const devices = knownDevices(config, masterKey)
  const secret = Buffer.from(hkdfSync('sha256', masterKey, '', 'parley sign-in failures', 32))
  const keyOf = (...parts: string[]): Buffer =>
    createHmac('sha256', secret).update(JSON.stringify(parts)).digest()
  const accountOf = (email: string): Buffer => keyOf(email.toLowerCase())

  /** What a try takes from for good, and what it gets back when the password was right. */
  function bucketsOf(request: FastifyRequest, account: Buffer, isKnown: boolean) {
    const block = blockOf(request.ip)
    const tries: Counted[] = [[isKnown ? 'known_sign_ins' : 'sign_ins', block]]
    const failures: Counted[] = isKnown
      ? []
      : [
          ['failed_sign_ins', block],
          ['failed_sign_ins_of_one', `${account.toString('base64url')}:${block}`],
          ['failed_sign_ins_of_all', ''],
        ]
    return { tries, failures }
  }

  return {
    /**
     * Runs `verify` if a password may be tried, and says whether it was right. Refuses with
     * `rate_limited` before anything is hashed.
     */
    async check({ request, reply, email }: Try, verify: () => Promise<boolean>): Promise<boolean> {
      if (throttle === undefined) return verify()
      const account = accountOf(email)
      const device = devices.idOf(request, account)
      const { tries, failures } = bucketsOf(request, account, device !== undefined)
      tellLimit(reply, throttle.take([...tries, ...failures]))
      const key = device === undefined ? account : keyOf(email.toLowerCase(), device)
      const waitSeconds = await beginTry(pool, key)
      if (waitSeconds !== undefined) {
        throttle.giveBack(failures)
        reply.header('ratelimit-remaining', '0').header('ratelimit-reset', String(waitSeconds))
        return refuse('rate_limited', { retryAfterSeconds: waitSeconds })
      }
      try {
        if (!(await verify())) return false
      } catch (error) {
        // Nobody had time to look at the password.
        throttle.giveBack(failures)
        await undoTry(pool, key)
        throw error
      }
      throttle.giveBack(failures)
      await forgetFailures(pool, [account, key])
      return true
    },
    /** The device is known from now on. */
    remember: (request: FastifyRequest, reply: FastifyReply, email: string): void =>
      devices.remember(request, reply, accountOf(email)),
    /** Forgets old failures, at once and every hour; returns its end. */
    startForgetting(): () => Promise<void> {
      const forget = () =>
        void forgetOld(pool).catch((error: unknown) =>
          log.warn({ err: error }, 'old failures cannot be forgotten'),
        )
      forget()
      const timer = setInterval(forget, everyHourMs)
      return async () => clearInterval(timer)
    },
  }
}
