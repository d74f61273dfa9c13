/** The part of it that tests use; the package has no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }
  interface Context {
    path: string
    req: IncomingMessage
    res: ServerResponse
    type?: string
    body?: string
    /** Whether koa writes the answer. */
    respond?: boolean
    oidc: { client: { clientId: string }; session: { accountId: string } }
  }
  interface Configuration {
    clients: readonly object[]
    jwks: { keys: readonly object[] }
    cookies: { keys: readonly string[] }
    claims: Record<string, readonly string[]>
    features: { devInteractions: { enabled: boolean } }
    ttl: Record<string, number>
    renderError(context: Context): void
    pkce: { required(): boolean }
    interactions: { url(context: Context, interaction: { uid: string }): string }
    findAccount(
      context: Context,
      id: string,
    ): { accountId: string; claims(): Promise<Record<string, unknown>> }
    loadExistingGrant(context: Context): Promise<Grant>
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration)
    Grant: new (of: { clientId: string; accountId: string }) => Grant
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
    ): Promise<void>
    callback(): (request: IncomingMessage, response: ServerResponse) => void
  }
}
