import { type Endpoint, endpoints, signIn } from '@parley/contract'
import { sql } from '@parley/core/db/sql'
import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'
import { call } from './call.ts'
import { type Cast, castOn, password } from './cast.ts'
import { outside } from './outside.ts'
import { type Place, placesOn } from './places.ts'
import { openStream } from './stream.ts'
import { table } from './table.ts'
import { requestOf } from './wish.ts'

/** What somebody may do who has to set up a second factor before anything else. */
const open = [
  'addPasskey',
  'beginAddPasskey',
  'beginConfirmByPasskey',
  'beginTotp',
  'changePassword',
  'confirmByOpenid',
  'confirmMe',
  'confirmMeByPasskey',
  'confirmTotp',
  'getSecondFactors',
  'getSignInWays',
  'linkOpenid',
  'listPasskeys',
  'listSessions',
  'removePasskey',
  'removeTotp',
  'renamePasskey',
  'renewRecoveryCodes',
  'revokeOtherSessions',
  'revokeSession',
  'unlinkOpenid',
]
const refused = '403 second_factor_due'

let stack: Stack
let cast: Cast
let place: Place
beforeAll(async () => {
  stack = await startStack()
  cast = await castOn(stack)
  place = await (await placesOn(stack.sql, cast)).open('private_channel')
  await stack.sql.run(sql`update instance_policy set requires_second_factor = true`)
  const { email } = await stack.sql.one(sql<{ email: string }>`
    select email from users where id = ${cast.member.id}`)
  const body = { email, password }
  const answer = await call(stack.chatUrls[0] ?? '', { method: 'POST', path: signIn.path, body })
  cast.member.token = parseJson(answer.body, Type.Object({ token: Type.String() }))?.token
})
afterAll(() => stack.stop())

const withToken = Object.entries<Endpoint>(endpoints).filter(([, { auth }]) => auth !== 'none')

test('AZ-01: who has to set up a second factor may do what belongs to that, and nothing else', async () => {
  const others = withToken.filter(([name]) => !open.includes(name))
  expect(others.length + open.length).toBe(withToken.length)
  for (const [name, endpoint] of others) {
    const entries = Object.entries(table).find(([of]) => of === name)?.[1] ?? []
    expect(entries.length).toBeGreaterThan(0)
    for (const entry of entries) {
      const asked = requestOf(endpoint, entry, place, cast, 'member', cast)
      const { outcome } = await call(stack.chatUrls[0] ?? '', asked)
      expect(`${name}: ${outcome}`).toBe(`${name}: ${refused}`)
    }
  }
})

test('what belongs to it is open to them', async () => {
  for (const [name, endpoint] of withToken) {
    if (!open.includes(name) || name === 'changePassword' || name.startsWith('revoke')) continue
    const path = endpoint.path.replace(/:[a-z_]+/g, '1')
    const asked = { method: endpoint.method, path, token: cast.member.token }
    const { outcome, status } = await call(stack.chatUrls[0] ?? '', asked)
    expect(outcome).not.toBe(refused)
    expect(status).not.toBe(401)
  }
})

test('routes outside the contract that take a token refuse them too', async () => {
  const uploads = Object.entries(outside).filter(([, rule]) => rule === 'upload')
  expect(uploads.length).toBeGreaterThan(2)
  for (const [route] of uploads) {
    const [method = '', pattern = ''] = route.split(' ')
    const asked = { method, path: pattern.replace(':id', '1'), token: cast.member.token }
    expect((await call(stack.chatUrls[0] ?? '', asked)).status).toBe(403)
  }
})

test('they have no event stream', async () => {
  const stream = await openStream(stack.eventsUrls[0] ?? '', { token: cast.member.token })
  expect(stream.status).toBe(401)
  expect(stream.events).toEqual([])
  stream.close()
})
