import type { Config } from '@parley/core/config/load'
import { readSecretFile } from '@parley/core/config/secret-file'
import {
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  allowInsecureRequests,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client'

/** How long one question to the provider may take, in seconds. */
const mostSeconds = 5
/** For how long it is what it said of itself, in milliseconds. */
const freshMs = 3_600_000

export interface Provider {
  /** As it calls itself in all that it signs. */
  issuer: string
  /** Where it leads back to: the one address that it has to know. */
  redirectUri: string
  /** What it says of itself, asked for when somebody needs it. Throws where it does not answer. */
  current(): Promise<Configuration>
}

export const callbackPath = '/api/auth/oidc/callback'

/** The provider of the settings, if they name one. Nothing is asked of it yet: it may be away. */
export function openProvider(config: Config): Provider | undefined {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecretFile: file } = config
  if (issuer === undefined || clientId === undefined) return undefined
  const secret =
    file === undefined
      ? config.oidcClientSecret
      : readSecretFile(file, 'the secret of the OpenID client')
  let known: { from: number; asked: Promise<Configuration> } | undefined

  async function ask(): Promise<Configuration> {
    const url = new URL(issuer ?? '')
    const found = await discovery(url, clientId ?? '', undefined, authentication(secret), {
      timeout: mostSeconds,
      execute: [
        // By default what comes over the connection to the provider is believed for the connection's sake.
        enableNonRepudiationChecks,
        ...(url.protocol === 'http:' ? [allowInsecureRequests] : []),
      ],
    })
    return found
  }

  return {
    issuer,
    redirectUri: `${config.publicUrl}${callbackPath}`,
    current() {
      if (known !== undefined && performance.now() - known.from < freshMs) return known.asked
      const asked = ask()
      known = { from: performance.now(), asked }
      // Whoever comes next asks again.
      asked.catch(() => {
        if (known?.asked === asked) known = undefined
      })
      return asked
    },
  }
}

/**
 * In the header, which is what a client does of which nothing else is known (OpenID Connect Core 1.0, 9),
 * or in the body where the provider takes it there only.
 */
function authentication(secret: string | undefined) {
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)]
  return (...[server, client, body, headers]: Parameters<typeof basic>): void => {
    const known = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const one = known.includes('client_secret_basic') ? basic : post
    one(server, client, body, headers)
  }
}
