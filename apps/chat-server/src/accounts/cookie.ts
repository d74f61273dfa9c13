import type { Config } from '@parley/core/config/load'
import { allowedOrigins } from '@parley/core/http/origins'
import { refuse } from '@parley/core/http/problem'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** As long as a session lives without being used, in seconds. */
const maxAge = 30 * 24 * 3600

export type RefreshCookie = ReturnType<typeof refreshCookie>

/** The refresh token's cookie; its name and flags are chosen once, by the public URL. */
export function refreshCookie(config: Config) {
  const secure = config.publicUrl.startsWith('https:')
  const name = secure ? '__Host-parley_rt' : 'parley_rt'
  const options = { httpOnly: true, secure, sameSite: 'strict', path: '/' } as const
  const origins = allowedOrigins(config)

  return {
    set: (reply: FastifyReply, token: string) =>
      void reply.setCookie(name, token, { ...options, maxAge }),
    clear: (reply: FastifyReply) => void reply.clearCookie(name, options),
    /** What a sign-in replaces: it is only ended, so it does not matter who brought it. */
    replaced: (request: FastifyRequest): string | undefined => request.cookies[name],
    /**
     * The token that the request brings: in its body, or in the cookie, which a browser adds by
     * itself and which therefore counts only when the page is one of ours.
     */
    read(request: FastifyRequest, inBody: string | undefined): string | undefined {
      if (inBody !== undefined) return inBody
      const token = request.cookies[name]
      if (token === undefined) return undefined
      const { origin, 'sec-fetch-site': site } = request.headers
      const sameSite = site === undefined || site === 'same-origin' || origin !== config.publicUrl
      if (origin === undefined || !origins.has(origin) || !sameSite) refuse('origin_refused')
      return token
    },
  }
}
