import { type Endpoint, endpoints } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendRaw } from '../input/kit.ts'
import { type Stack, startStack } from '../stack/servers.ts'
import { type Cast, castOn } from './cast.ts'
import type { Entry } from './entry.ts'
import { type Place, placesOn } from './places.ts'
import { table } from './table.ts'
import { requestOf } from './wish.ts'

let stack: Stack
let cast: Cast
let place: Place
beforeAll(async () => {
  stack = await startStack()
  cast = await castOn(stack)
  place = await (await placesOn(stack.sql, cast)).open('private_channel')
})
afterAll(() => stack.stop())

const entries: Record<string, readonly Entry[]> = table
const closed = Object.entries<Endpoint>(endpoints).filter(([, { auth }]) => auth === 'access')

/** The status of a request as it is written, by the owner or by nobody. */
async function statusOf(line: string, token: string | undefined, headers = ''): Promise<number> {
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
  const port = Number(new URL(stack.chatUrls[0] ?? '').port)
  const [reply] = await sendRaw(
    port,
    `${line}\r\nHost: x\r\nConnection: close\r\n${authorization}${headers}\r\n`,
  )
  return reply?.status ?? 0
}

/** Other ways to write a path, none of which is another name of the place. */
const spellings = (path: string): string[] => [
  path.replace(/\?|$/, '/$&'),
  path.replace(/\?|$/, ';x$&'),
  path.replace(/\?|$/, '%20$&'),
  path.replace(/\?|$/, '%2f$&'),
  path.replace(/\?|$/, '/.$&'),
  `/${path}`,
  `/.${path}`,
  `/%2e${path}`,
  `/x/..${path}`,
  `/x/%2e%2e${path}`,
  path.replace('/api/', '/api//'),
  path.replace('/api/', '/API/'),
  path.replace('/api/', '/api%2f'),
  path.replace('/api/', '/api\\'),
]

test.each(closed)(
  'AZ-22: %s has one spelling, and no other goes past who asks',
  async (name, endpoint) => {
    const [entry] = entries[name] ?? []
    if (!entry) throw new Error(`the table has no ${name}`)
    const { method, path } = requestOf(endpoint, entry, place, cast, 'owner')
    for (const spelling of spellings(path)) {
      const line = `${method} ${spelling} HTTP/1.1`
      const told = (status: number) => `${status} for ${line}`
      const owners = await statusOf(line, cast.owner.token)
      // 401 where a parameter takes the rest: it is a value like any other, and not signed in.
      expect([404, 400]).toContain(owners)
      expect([told(owners), told(401)]).toContain(told(await statusOf(line, undefined)))
    }
    // The letters of a path may be written in another way; that is the same place for the same people.
    const escaped = path.replace(
      /[a-z](?=[a-z]*(?:\?|$))/,
      (letter) => `%${letter.charCodeAt(0).toString(16)}`,
    )
    for (const line of [`${method} ${path} HTTP/1.0`, `${method} ${escaped} HTTP/1.1`]) {
      expect([401, 404]).toContain(await statusOf(line, undefined))
    }
  },
)

const overrides = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']

test.each(closed.filter(([, { method }]) => method === 'DELETE' || method === 'PATCH'))(
  'AZ-22: no header makes another method of POST: %s',
  async (name, endpoint) => {
    const [entry] = entries[name] ?? []
    if (!entry) throw new Error(`the table has no ${name}`)
    const { method, path } = requestOf(endpoint, entry, place, cast, 'owner')
    for (const header of overrides) {
      const lines = `${header}: ${method}\r\nContent-Length: 0\r\n`
      for (const token of [undefined, cast.owner.token]) {
        expect(await statusOf(`POST ${path} HTTP/1.1`, token, lines)).toBe(404)
        expect(await statusOf(`POST ${path}?_method=${method} HTTP/1.1`, token, lines)).toBe(404)
      }
    }
  },
)
