import type { Db } from '@parley/core/db/connection'
import { tellLimit } from '@parley/core/http/limits'
import { refuse } from '@parley/core/http/problem'
import { blockOf } from '@parley/core/throttle/block'
import {
  beginTry,
  failureKeys,
  forgetFailures,
  forgetOld,
  undoTry,
} from '@parley/core/throttle/failures'
import type { Counted } from '@parley/core/throttle/throttle'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { repeat } from '../repeat.ts'
import type { Server } from '../server.ts'
import { knownDevices } from './known-device.ts'

interface Try {
  request: FastifyRequest
  reply: FastifyReply
  /** As it was given. */
  email: string
}

const everyHourMs = 3_600_000

export type Admission = ReturnType<typeof admission>

/**
 * Who may try a password at sign-in, and how often. A try is counted as failed before its password is
 * looked at, and whether there is such an account makes no difference anywhere here.
 */
export function admission({ config, pool, masterKey, passwords, throttle, log }: Server) {
  const devices = knownDevices(config, masterKey)
  const keyOf = failureKeys(masterKey)

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

  /** Looks at the password of a try that the buckets let through; undefined where it is wrong. */
  async function tryAt<T>(key: Buffer, reply: FastifyReply, look: () => Promise<T | undefined>) {
    const waitSeconds = await beginTry(pool, key)
    if (waitSeconds !== undefined) {
      reply.header('ratelimit-remaining', '0').header('ratelimit-reset', String(waitSeconds))
      return refuse('rate_limited', { retryAfterSeconds: waitSeconds })
    }
    try {
      return await look()
    } catch (error) {
      // Nobody had time for it.
      await undoTry(pool, key)
      throw error
    }
  }

  return {
    /**
     * Looks at a password if it may be tried, and gives what `look` found; undefined where it was wrong.
     * Refuses with `rate_limited`, or for want of time, before anything is hashed.
     */
    async check<T>(
      { request, reply, email }: Try,
      look: () => Promise<T | undefined>,
    ): Promise<T | undefined> {
      if (throttle === undefined) return passwords.admit(look)
      const account = keyOf(email)
      const device = devices.idOf(request, account)
      const key = device === undefined ? account : keyOf(email, device)
      const { tries, failures } = bucketsOf(request, account, device !== undefined)
      tellLimit(reply, throttle.take([...tries, ...failures]))
      let found: T | undefined
      try {
        found = await passwords.admit(() => tryAt(key, reply, look))
      } catch (error) {
        throttle.giveBack(failures)
        throw error
      }
      if (found === undefined) return undefined
      throttle.giveBack(failures)
      await forgetFailures(pool, [account, key])
      return found
    },
    /** Whoever has a link from their mailbox need not wait for what others tried. */
    forgive: (db: Db, email: string): Promise<number> => forgetFailures(db, [keyOf(email)]),
    /** The device is known from now on. */
    remember: (request: FastifyRequest, reply: FastifyReply, email: string): void =>
      devices.remember(request, reply, keyOf(email)),
    /** Forgets old failures, at once and every hour; returns its end. */
    startForgetting: (): (() => Promise<void>) =>
      repeat({ log, everyMs: everyHourMs, failed: 'old failures cannot be forgotten' }, () =>
        forgetOld(pool),
      ),
  }
}
