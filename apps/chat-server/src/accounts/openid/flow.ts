import { createHash, hkdfSync } from 'node:crypto'
import type { Clock } from '@parley/core/clock'
import type { Config } from '@parley/core/config/load'
import type { Db } from '@parley/core/db/connection'
import { sql } from '@parley/core/db/sql'
import { parseJson } from '@parley/core/json'
import { open, seal } from '@parley/core/tokens/seal'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'

/** How long somebody may take at the provider, in seconds. */
const maxAge = 600

const Flow = Type.Object({
  /** Whoever comes back signs in, links their account, or has proved once more who they are. */
  purpose: Type.Enum(['sign_in', 'link', 'confirm']),
  issuer: Type.String(),
  state: Type.String(),
  nonce: Type.String(),
  verifier: Type.String(),
  /** Where the client goes on. */
  to: Type.String(),
  /** Whose account and session, but for who signs in. */
  userId: Type.Optional(Type.Integer()),
  sessionId: Type.Optional(Type.Integer()),
  /** In seconds since 1970. */
  begunAt: Type.Number(),
})
/** One way to the provider and back. */
export type Flow = Static<typeof Flow>

export type Flows = ReturnType<typeof flowCookie>

/**
 * What a browser is given on its way to the provider, sealed, so that the server keeps nothing for whoever
 * only sets out. It is `Lax` because one comes back by a link of another site; it opens nothing but this.
 */
export function flowCookie(config: Config, masterKey: Buffer, clock: Clock) {
  const secure = config.publicUrl.startsWith('https:')
  const name = secure ? '__Host-parley_openid' : 'parley_openid'
  const options = { httpOnly: true, secure, sameSite: 'lax', path: '/' } as const
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'parley openid flows', 32))
  const now = (): number => clock.now() / 1000

  return {
    now,
    set(reply: FastifyReply, flow: Omit<Flow, 'begunAt'>): void {
      const text = JSON.stringify({ ...flow, begunAt: now() } satisfies Flow)
      const sealed = seal(key, Buffer.from(text)).toString('base64url')
      reply.setCookie(name, sealed, { ...options, maxAge })
    },
    /** The flow that the browser is on; undefined where there is none, or it took too long. */
    read({ cookies }: FastifyRequest): Flow | undefined {
      const sealed = cookies[name]
      if (sealed === undefined) return undefined
      let text: string
      try {
        text = open(key, Buffer.from(sealed, 'base64url')).toString()
      } catch {
        // Not one of ours.
        return undefined
      }
      const flow = parseJson(text, Flow)
      return flow && now() - flow.begunAt <= maxAge ? flow : undefined
    },
    clear: (reply: FastifyReply): void => void reply.clearCookie(name, options),
  }
}

/** Uses a flow up; false where it was used before, also by a cookie that was copied. */
export async function takeOnce(db: Db, { state }: Flow): Promise<boolean> {
  await db.run(sql`delete from openid_states where used_at < now() - interval '20 minutes'`)
  const hash: Buffer = createHash('sha256').update(state).digest()
  return (
    (await db.run(
      sql`insert into openid_states (hash) values (${hash}) on conflict do nothing`,
    )) === 1
  )
}
