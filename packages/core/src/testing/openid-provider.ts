import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Provider } from 'oidc-provider'
import { freePort } from '../free-port.ts'

/** Somebody whom the provider knows: `sub` and what it tells of them. */
export type TestClaims = Readonly<Record<string, unknown>> & { sub: string }

/**
 * An OpenID provider on this machine, which lets in whoever `letIn` named last without asking, and refuses
 * where it named nobody. It remembers who is signed in by its own cookie.
 */
export async function startOpenidProvider(redirectUri: string, port?: number) {
  const issuer = `http://127.0.0.1:${port ?? (await freePort())}`
  const client = { id: 'parley', secret: 'a secret between the two' }
  const people = new Map<string, TestClaims>()
  let asks = false
  let forged: object | undefined
  let next: { sub: string; at?: number } | undefined

  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        require_auth_time: true,
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] },
    cookies: { keys: ['of a test'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['preferred_username'],
    },
    features: { devInteractions: { enabled: false } },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    renderError: (context) => void (context.body = 'refused'),
    pkce: { required: () => true },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => people.get(id) ?? { sub: id },
    }),
    async loadExistingGrant({ oidc }) {
      const { accountId } = oidc.session
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  provider.use(async (context, following) => {
    if (!context.path.startsWith('/interaction/')) return following()
    if (asks && context.req.method === 'GET') {
      context.type = 'html'
      context.body = `<!doctype html><title>Example Login</title><link rel="icon" href="data:,"><form method="post"><button>Let me in</button></form>`
      return undefined
    }
    context.respond = false
    const login = next && { accountId: next.sub, ...(next.at !== undefined && { ts: next.at }) }
    const result = login ? { login } : { error: 'access_denied' }
    return provider.interactionFinished(context.req, context.res, result)
  })

  const answer = provider.callback()
  const server = createServer((request, response) => {
    if (forged === undefined || request.url !== '/jwks') return answer(request, response)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ keys: [forged] }))
  })
  server.listen(Number(new URL(issuer).port), '127.0.0.1')
  await once(server, 'listening')
  return {
    issuer,
    client,
    /** The settings of a server that knows it. */
    settings: {
      PARLEY_OIDC_ISSUER: issuer,
      PARLEY_OIDC_CLIENT_ID: client.id,
      PARLEY_OIDC_CLIENT_SECRET: client.secret,
      PARLEY_OIDC_NAME: 'Example Login',
    },
    /** Whoever signs in next, now or at a time in seconds since 1970; nobody where it is undefined. */
    letIn(claims: TestClaims | undefined, at?: number): void {
      next = claims && { sub: claims.sub, ...(at !== undefined && { at }) }
      if (claims) people.set(claims.sub, claims)
    },
    /** From here on it shows a page with a button before it lets anybody in. */
    ask(): void {
      asks = true
    },
    /** From here on it signs by another key than it publishes, as somebody in between would. */
    forge(): void {
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
      forged = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }
    },
    async stop(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type TestProvider = Awaited<ReturnType<typeof startOpenidProvider>>
