import { allowedOrigins } from '@parley/core/http/origins'
import type { FastifyInstance, FastifyReply } from 'fastify'
import {
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { Server } from '../../server.ts'
import type { Flow, Flows } from './flow.ts'
import { pageFor, reasonOf } from './outcome.ts'
import { placeIn } from './place.ts'
import type { Provider } from './provider.ts'

const startPath = '/api/auth/oidc/start'

type Begun = Pick<Flow, 'purpose' | 'to'> & { userId?: number; sessionId?: number }

/**
 * Gives the browser the cookie of a flow, and the address at the provider where it goes on. Throws where
 * the provider does not answer.
 */
export type SetOut = (provider: Provider, begun: Begun, reply: FastifyReply) => Promise<string>

export const settingOut =
  (flows: Flows): SetOut =>
  async (provider, begun, reply) => {
    const server = await provider.current()
    const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
    flows.set(reply, { ...begun, issuer: provider.issuer, state, nonce, verifier })
    const url = buildAuthorizationUrl(server, {
      redirect_uri: provider.redirectUri,
      scope: 'openid email profile',
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
      // Whoever is to prove that it is them types their password there again.
      ...(begun.purpose === 'confirm' && { prompt: 'login', max_age: '0' }),
    })
    return url.href
  }

/** The link on the sign-in page. */
export function startRoute(
  app: FastifyInstance,
  { config, log }: Server,
  provider: Provider | undefined,
  setOut: SetOut,
): void {
  const names = allowedOrigins({ publicUrl: config.publicUrl, allowedOrigins: [] })
  app.get<{ Querystring: Record<string, unknown> }>(
    startPath,
    { config: { open: true, limits: ['openid'] } },
    async ({ query, headers, protocol }, reply) => {
      const to = placeIn(query['to'], config.publicUrl) ?? '/'
      const begun = { purpose: 'sign_in', to } as const
      // Cookies know names, and the provider leads back to one of those that loopback has.
      const here = `${protocol}://${headers.host}`
      if (here !== config.publicUrl && names.has(here))
        return reply.redirect(
          `${config.publicUrl}${startPath}?${new URLSearchParams({ to }).toString()}`,
        )
      // Another site's page that leads here would sign somebody in who did not ask for it.
      if (provider === undefined || headers['sec-fetch-site'] === 'cross-site')
        return reply.redirect(`/signin?${new URLSearchParams({ to }).toString()}`)
      try {
        return await reply.redirect(await setOut(provider, begun, reply))
      } catch (error) {
        log.warn(reasonOf(error), 'the OpenID provider does not answer')
        return reply.redirect(pageFor('unreachable', begun))
      }
    },
  )
}
