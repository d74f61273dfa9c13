import type { Endpoint } from '@parley/contract'
import pg from 'pg'
import { isObject } from './shape.ts'

/** What valid requests name: people, places and things that exist and are the caller's. */
export interface World {
  token: string
  /** Somebody who shares nothing with the caller. */
  strangersToken: string
  /** Somebody who may be signed out everywhere. */
  expendableToken: string
  /** Somebody who administers the instance, where its database was named. */
  administratorsToken: string
  /** Ids by the path segment before `:id`. */
  ids: Record<string, number>
  otherUser: number
  message: number
  invite: string
  refreshToken: string
}

export const password = 'correct horse battery'

type Reply = Record<string, unknown>

/** A call that must succeed. */
export async function call(
  url: string,
  method: string,
  path: string,
  { token, body }: { token?: string; body?: unknown } = {},
): Promise<Reply> {
  const reply = await fetch(url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return { ...(isObject(value) ? value : {}), cookie: reply.headers.get('set-cookie') ?? '' }
}

const idIn = (reply: Reply, ...names: string[]): number =>
  Number(names.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), reply))

/**
 * Makes somebody an administrator, who has just proved who they are and stays so. Nobody is signed out by a
 * rule that is tried.
 */
async function administer(databaseUrl: string, userId: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('update users set is_admin = true where id = $1', [userId])
  await client.query(
    `insert into totp_secrets (user_id, secret_enc, confirmed_at) values ($1, '\\x00', now())`,
    [userId],
  )
  await client.query(
    `update sessions set confirmed_at = now() + interval '1 hour' where user_id = $1`,
    [userId],
  )
  await client.query('update sessions set by_provider = true')
  await client.end()
}

interface Place {
  url: string
  config?: { databaseUrl: string | undefined }
}

/** Signs up two colleagues and a stranger, with a workspace, a chat of each kind, a message, an invite. */
export async function makeWorld({ url, config }: Place): Promise<World> {
  const signUp = (username: string, more: object = {}) =>
    call(url, 'POST', '/api/signup', {
      body: { username, email: `${username}@example.org`, password, ...more },
    })
  const ada = await signUp('ada', { workspace: 'Engines' })
  const token = String(ada['token'])
  const post = (path: string, body?: object) => call(url, 'POST', path, { token, body })
  const workspace = idIn(ada, 'workspace', 'id')
  const invite = await post(`/api/workspaces/${workspace}/invites`, {})
  const bob = await signUp('bob', { invite: invite['code'] })
  const eve = await signUp('eve', { workspace: 'Elsewhere' })
  const zoe = await signUp('zoe')
  const amy = await signUp('amy')
  if (config?.databaseUrl !== undefined)
    await administer(config.databaseUrl, idIn(amy, 'user', 'id'))
  const otherUser = idIn(bob, 'user', 'id')
  const chat = await post('/api/chats', {
    type: 'private_channel',
    name: 'plans',
    user_ids: [otherUser],
  })
  const chats = idIn(chat, 'id')
  const message = await post(`/api/chats/${chats}/messages`, { content: 'first' })
  const form = new FormData()
  // Nothing is found in it, so that nothing changes later.
  form.append('file', new Blob([new Uint8Array([0, 1])]), 'x.bin')
  const uploaded: unknown = await (
    await fetch(`${url}/api/upload`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    })
  ).json()
  return {
    token,
    strangersToken: String(eve['token']),
    expendableToken: String(zoe['token']),
    administratorsToken: String(amy['token']),
    ids: {
      workspaces: workspace,
      chats,
      files: idIn({ uploaded }, 'uploaded', 'files', '0', 'id'),
    },
    otherUser,
    message: idIn(message, 'id'),
    invite: String(invite['code']),
    refreshToken: /=([^;]+)/.exec(String(eve['cookie']))?.[1] ?? '',
  }
}

/** The value that a path's parameter has in a valid request. */
export function paramOf(world: World, { path }: Endpoint, name: string): string {
  const known: Record<string, string | number> = {
    user_id: world.otherUser,
    message_id: world.message,
    code: world.invite,
  }
  const place = new RegExp(`/([a-z]+)/:${name}(?:/|$)`).exec(path)?.[1] ?? ''
  return String(name === 'id' ? (world.ids[place] ?? 1) : (known[name] ?? 1))
}

/** What fields of a body have in a request that succeeds, where any value that fits would not do. */
export function knownFields(world: World, { path }: Endpoint): Record<string, unknown> {
  return {
    password,
    user_id: world.otherUser,
    user_ids: [world.otherUser],
    workspace_id: world.ids['workspaces'],
    refresh_token: world.refreshToken,
    ...(path === '/api/signin' ? { email: 'ada@example.org' } : {}),
  }
}
