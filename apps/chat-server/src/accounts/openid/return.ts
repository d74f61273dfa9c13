import { audit } from '@parley/core/audit/audit'
import type { Actor } from '@parley/core/db/change'
import { networkOf } from '@parley/core/http/network'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  AuthorizationResponseError,
  type Configuration,
  type IDToken,
  type UserInfoResponse,
  authorizationCodeGrant,
  fetchUserInfo,
} from 'openid-client'
import type { Server } from '../../server.ts'
import { type Flow, type Flows, takeOnce } from './flow.ts'
import { Ended, type Outcome, pageFor, reasonOf } from './outcome.ts'
import { type Provider, callbackPath } from './provider.ts'

/** Who came back, as the provider has signed it. */
export interface Arrived {
  flow: Flow
  claims: IDToken
  /** What it tells of them besides, asked for where it is needed. */
  userInfo(): Promise<UserInfoResponse | undefined>
  request: FastifyRequest
  reply: FastifyReply
}

type Asked = Pick<Arrived, 'request' | 'reply'>

interface Doors {
  provider: Provider | undefined
  flows: Flows
  /** What the flow was for; throws `Ended` where it cannot be. */
  arrive(arrived: Arrived, by: Actor): Promise<Outcome>
}

const refusals = {
  sign_in: 'sign_in.refused',
  link: 'openid.refused',
  confirm: 'session.confirm_refused',
} as const

/** The way back from the provider: who comes by it has begun in the same browser, once, for this provider. */
export function returnRoute(app: FastifyInstance, { log, pool }: Server, doors: Doors): void {
  const { provider, flows, arrive } = doors

  /** Trades the code for what the provider signs, and checks it: state, `iss`, nonce, PKCE, signature. */
  async function trade(
    request: FastifyRequest,
    flow: Flow,
    server: Configuration,
    { redirectUri }: Provider,
  ) {
    // The address as the provider has it, whatever the request calls it.
    const url = new URL(redirectUri)
    url.search = request.url.replace(/^[^?]*/, '')
    const age = Math.ceil(flows.now() - flow.begunAt)
    try {
      const tokens = await authorizationCodeGrant(server, url, {
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        pkceCodeVerifier: flow.verifier,
        idTokenExpected: true,
        // They have signed in since they were sent there, a little apart for clocks.
        ...(flow.purpose === 'confirm' && { maxAge: age }),
      })
      const claims = tokens.claims()
      if (claims === undefined) throw new Ended('failed')
      const userInfo = async () =>
        server.serverMetadata().userinfo_endpoint === undefined
          ? undefined
          : fetchUserInfo(server, tokens.access_token, claims.sub)
      return { claims, userInfo }
    } catch (error) {
      const outcome = error instanceof AuthorizationResponseError ? 'refused' : 'failed'
      throw new Ended(outcome, { cause: error })
    }
  }

  async function finish(provider: Provider, flow: Flow, by: Actor, asked: Asked) {
    if (!(await takeOnce(pool, flow))) throw new Ended('expired')
    const server = await provider.current().catch((cause: unknown) => {
      throw new Ended('unreachable', { cause })
    })
    const known = await trade(asked.request, flow, server, provider)
    return arrive({ ...asked, flow, ...known }, by)
  }

  /** Notes why somebody was not let in. */
  async function note({ outcome, cause, userId }: Ended, flow: Flow, by: Actor) {
    if (cause !== undefined) log.warn({ outcome, ...reasonOf(cause) }, 'OpenID was refused')
    const id = userId ?? flow.userId
    await audit(pool, by, {
      action: refusals[flow.purpose],
      ...(id !== undefined && { target: { kind: 'user', id } }),
      detail: { by: 'openid', because: outcome },
    })
  }

  app.get<{ Querystring: Record<string, unknown> }>(
    callbackPath,
    { config: { open: true, limits: ['openid'] } },
    async (request, reply) => {
      const flow = flows.read(request)
      const isTheirs = flow?.state === request.query['state'] && flow?.issuer === provider?.issuer
      if (provider === undefined || flow === undefined || !isTheirs)
        return reply.redirect(pageFor('expired', { purpose: 'sign_in', to: '/' }))
      flows.clear(reply)
      const by = { network: networkOf(request.ip), requestId: request.id }
      try {
        const outcome = await finish(provider, flow, by, { request, reply })
        return await reply.redirect(pageFor(outcome, flow))
      } catch (error) {
        if (!(error instanceof Ended)) throw error
        await note(error, flow, by)
        return reply.redirect(pageFor(error.outcome, flow))
      }
    },
  )
}
