import { refuse } from '@parley/core/http/problem'
import { noPassword } from '@parley/core/passwords/hash'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../server.ts'
import type { Admission } from './admission.ts'
import { findPassword } from './queries.ts'

/** Whether it is somebody's password. It is tried as often as at sign-in, and no more. */
export type Proves = (
  userId: number,
  password: string,
  asked: { request: FastifyRequest; reply: FastifyReply },
) => Promise<boolean>

export const prover =
  ({ passwords, pool }: Server, signIns: Admission): Proves =>
  async (userId, password, { request, reply }) => {
    const { email, password_hash } = (await findPassword(pool, userId)) ?? refuse('not_signed_in')
    const matches = await signIns.check({ request, reply, email }, async () =>
      password_hash !== noPassword && (await passwords.verify(password_hash, password))
        ? true
        : undefined,
    )
    return matches ?? false
  }
