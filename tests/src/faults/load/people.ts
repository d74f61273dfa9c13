import { until } from '@parley/core/testing/until'
import { type Client, createClient } from '@parley/sdk'
import { type ChatName, type Cluster, chatNames } from '../cluster/cluster.ts'

/** A session, and a client of it at each chat-server: none of them repeats anything by itself. */
export interface Session {
  id: number
  token: string
  at: { server: ChatName; client: Client }[]
}

export interface Person {
  id: number
  name: string
  main: Session
  /** What they sent or will send, by its digest. */
  contents: Map<string, string>
  /** Of their other sessions, to end them by: the first one of each. */
  refreshTokens: Map<number, string>
}

/** How long one attempt of a call may take, in milliseconds. */
const attemptMs = 6000
const password = 'correct horse battery staple'
const emailOf = (name: string) => `${name}@example.org`

export const addressOf = (cluster: Cluster, server: ChatName): string =>
  `http://127.0.0.1:${cluster.front[server].port}`

/** Signs somebody up in the workspace, which the first one founds. */
export async function signUp(cluster: Cluster, name: string, workspace: string): Promise<Person> {
  const client = createClient({ url: addressOf(cluster, chatNames[0]) })
  const { user } = await client.signUp({
    body: { username: name, email: emailOf(name), password, workspace },
  })
  return {
    id: user.id,
    name,
    main: sessionOf(cluster, client),
    contents: new Map(),
    refreshTokens: new Map(),
  }
}

/** A private channel that they found, with others in it. */
export async function channelOf(
  { main, name }: Person,
  others: readonly Person[] = [],
): Promise<number> {
  const [at] = main.at
  if (!at) throw new Error('a session that knows no server')
  const body = { type: 'private_channel' as const, name, user_ids: others.map(({ id }) => id) }
  return (await at.client.createChat({ body })).id
}

/** Another session of the same person, begun at one of the servers. */
export async function signInAgain(
  cluster: Cluster,
  person: Person,
  servers: readonly ChatName[] = chatNames,
): Promise<Session> {
  let asked = 0
  const client = await until(
    async () => {
      const server = servers[asked++ % servers.length] ?? chatNames[0]
      const client = createClient({ url: addressOf(cluster, server), timeoutMs: attemptMs })
      await client.signIn({ body: { email: emailOf(person.name), password } })
      return client
    },
    { timeoutMs: 30_000, what: 'a sign-in in the middle of faults' },
  )
  const session = sessionOf(cluster, client)
  person.refreshTokens.set(session.id, client.tokens().refresh_token ?? '')
  return session
}

/** Trades the session's refresh token in, twice: whoever brings the first one again ends the session. */
export async function tradeTwice(
  cluster: Cluster,
  person: Person,
  session: Session,
): Promise<void> {
  const refreshToken = person.refreshTokens.get(session.id) ?? ''
  const url = addressOf(cluster, chatNames[0])
  const client = createClient({ url, refreshToken, timeoutMs: attemptMs })
  await client.refresh({ body: {} })
  await client.refresh({ body: {} })
}

function sessionOf(cluster: Cluster, client: Client): Session {
  const { token } = client.tokens()
  if (token === null) throw new Error('signed in without a token')
  return sessionWith(cluster, token)
}

/** The session that an access token is of. */
export function sessionWith(cluster: Cluster, token: string): Session {
  return {
    id: sessionIdOf(token),
    token,
    at: chatNames.map((server) => ({
      server,
      client: createClient({
        url: addressOf(cluster, server),
        token,
        timeoutMs: attemptMs,
        retry: { limitMs: 0 },
      }),
    })),
  }
}

/** The token's `sid` claim. */
function sessionIdOf(token: string): number {
  const claims: unknown = JSON.parse(
    Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'),
  )
  const sid: unknown = typeof claims === 'object' && claims !== null && Reflect.get(claims, 'sid')
  return Number(sid)
}
