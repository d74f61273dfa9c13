import { readFileSync } from 'node:fs'
import {
  createChat,
  createInvite,
  deleteMessage,
  getExport,
  requestExport,
  sendMessage,
} from '@parley/contract'
import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, type TestServer, startChatServer } from '../fixtures/chat-server.ts'
import { leaveAlone, refusalOf, uploaded } from '../fixtures/files.ts'
import { unzip } from '../fixtures/unzip.ts'
import { leftOut, parts } from './content/all.ts'
import { placeOf } from './content/files.ts'

let server: TestServer
beforeAll(async () => {
  server = await startChatServer()
  await leaveAlone(server)
})
afterAll(() => server.stop())

const Rows = Type.Array(Type.Record(Type.String(), Type.Unknown()))

async function open(person: Person): Promise<string> {
  const { url } = await person.call(requestExport, {})
  if (url === null) throw new Error('whoever asks gets an address')
  return `${server.url}${url}`
}

/** Asks for it and takes it; its files by their names, those of JSON as rows. */
async function exported(person: Person) {
  const response = await fetch(await open(person))
  expect(response.status).toBe(200)
  const entries = unzip(Buffer.from(await response.arrayBuffer()))
  const rows = (name: string) => parseJson(String(entries.get(name)), Rows) ?? []
  const whole = [...entries].map(([name, bytes]) => name + bytes.toString('latin1')).join('\n')
  return { entries, rows, whole, headers: response.headers }
}

const page = readFileSync(new URL('../../../../docs/personal-data.md', import.meta.url), 'utf8')

test('OP-06: each table with something of a person is in an export, or left out for a reason', () => {
  const personal = new Set<string>()
  for (const [, table = '', kind] of page.matchAll(/^\| (\w+) +\| (\w+) +\| [\w, ]+ +\|.*\|$/gm))
    if (table !== 'table' && kind !== 'none') personal.add(table)
  const included = parts.flatMap(({ tables }) => tables)
  const excused = Object.keys(leftOut)
  expect([...included, ...excused].toSorted()).toEqual([...personal].toSorted())
  expect(personal.size).toBeGreaterThan(15)
})

test('OP-06: an export has all that one has written, sent, set and done, and no secret', async () => {
  const [anna, ben] = [await server.person('anna'), await server.person('ben')]
  const { id, general } = await server.workspace(anna, ben)
  const talk = await anna.call(createChat, { body: { type: 'single', user_id: ben.id } })
  const file = await uploaded(server.url, anna, 'Holiday.txt', 'the words of a file')
  await anna.call(sendMessage, {
    params: { id: talk.id },
    body: { content: 'mine to take', files: [file.id] },
  })
  const said = { content: 'another one @ben' }
  await anna.call(sendMessage, { params: { id: general }, body: { content: said.content } })
  await ben.call(sendMessage, { params: { id: general }, body: { content: 'not hers @anna' } })
  const invite = await anna.call(createInvite, { params: { id }, body: {} })
  await server.value(
    `insert into totp_secrets (user_id, secret_enc, confirmed_at) values ($1, 'a secret', now())`,
    anna.id,
  )
  await server.value(
    `insert into recovery_codes (user_id, hash) values ($1, 'a hash of a code')`,
    anna.id,
  )
  await server.value(
    `insert into dnd_schedules (user_id, from_time, to_time, weekdays, time_zone)
     values ($1, '22:00', '07:00', '{1,2}', 'Europe/Berlin')`,
    anna.id,
  )

  const { entries, rows, whole } = await exported(anna)
  expect([...entries.keys()]).toEqual([
    ...parts.map(({ name }) => name),
    `files/${file.id}-Holiday.txt`,
  ])
  expect(rows('account.json')).toMatchObject([
    {
      username: 'anna',
      email: 'anna@example.org',
      do_not_disturb: { time_zone: 'Europe/Berlin' },
      authenticator_app: {},
      recovery_codes: [{ used_at: null }],
    },
  ])
  expect(rows('sessions.json')).toMatchObject([{ id: anna.sessionId, ended_at: null }])
  expect(rows('workspaces.json')).toMatchObject([
    { workspace_id: id, founded_by_you: true, role: 'owner' },
  ])
  expect(rows('invites.json')).toMatchObject([{ workspace_id: id, uses: 0 }])
  expect(rows('chats.json')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ chat_id: talk.id, with: 'ben', read_seq: expect.any(Number) }),
      expect.objectContaining({ chat_id: general, name: 'general' }),
    ]),
  )
  expect(rows('messages.json')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ content: 'mine to take', chat: 'ben', file_ids: [file.id] }),
      expect.objectContaining({ content: said.content, chat: 'general' }),
    ]),
  )
  expect(rows('mentions.json')).toEqual([{ chat_id: general, seq: expect.any(Number) }])
  expect(rows('files.json')).toMatchObject([
    { id: file.id, name: 'Holiday.txt', place: `files/${file.id}-Holiday.txt` },
  ])
  expect(String(entries.get(`files/${file.id}-Holiday.txt`))).toBe('the words of a file')
  const actions = rows('audit.json').map(({ action }) => action)
  expect(actions).toEqual(expect.arrayContaining(['invite.created', 'export.requested']))

  for (const others of ['not hers', 'ben@example.org', invite.code, 'a secret', 'a hash of a code'])
    expect(whole).not.toContain(others)
  expect(whole).not.toMatch(/(?<!blur)_hash|_enc\b|password|storage_key/)
})

test('AZ-16: of a deleted message an export says that it was there, and no more', async () => {
  const person = await server.person()
  const { general } = await server.workspace(person)
  const { id } = await person.call(sendMessage, {
    params: { id: general },
    body: { content: 'taken back' },
  })
  await person.call(deleteMessage, { params: { id: general, message_id: id } })
  const { rows, whole } = await exported(person)
  expect(rows('messages.json')).toMatchObject([{ id, content: '' }])
  expect(whole).not.toContain('taken back')
})

test('of places that one left an export has one’s own words, and not what they are called now', async () => {
  const [owner, guest] = [await server.person(), await server.person()]
  const { general, id } = await server.workspace(owner, guest)
  await guest.call(sendMessage, { params: { id: general }, body: { content: 'I was here' } })
  await server.value(
    'delete from workspace_members where workspace_id = $1 and user_id = $2',
    id,
    guest.id,
  )
  await server.value(`update chats set name = 'after them' where id = $1`, general)
  await server.value(`update workspaces set name = 'hidden name' where id = $1`, id)
  const { rows, whole } = await exported(guest)
  expect(rows('messages.json')).toMatchObject([{ content: 'I was here', chat: null }])
  expect(whole).not.toMatch(/after them|hidden name/)
})

test('IN-16: what a spreadsheet would run is text in JSON, in a file that no page opens', async () => {
  const person = await server.person()
  const { general } = await server.workspace(person)
  const cell = `=cmd|' /C calc'!A0","\n[`
  await person.call(sendMessage, { params: { id: general }, body: { content: cell } })
  const { entries, rows, headers } = await exported(person)
  expect(rows('messages.json')).toMatchObject([{ content: cell }])
  expect([...entries.keys()].filter((name) => !name.endsWith('.json'))).toEqual([])
  expect(headers.get('content-type')).toBe('application/zip')
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="parley-[\d-]+\.zip"$/)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('no name of a file leads out of the folder that an archive is unpacked in', () => {
  for (const name of [
    '../../x',
    String.raw`..\..\x`,
    '/etc/x',
    'C:\\x',
    'con',
    'a\0b',
    '..',
    'a. ',
  ])
    expect(placeOf({ id: 7, name })).toMatch(/^files\/7-[^/\\:\0]*[^/\\:\0. ]$/)
})

test('one asks once a day, having proved who one is; what is open can be fetched again', async () => {
  const person = await server.person()
  await server.value(
    `update sessions set confirmed_at = now() - interval '6 minutes' where id = $1`,
    person.sessionId,
  )
  expect(await person.outcome(requestExport, {})).toBe('403 confirmation_required')
  await server.value('update sessions set confirmed_at = now() where id = $1', person.sessionId)
  expect(await person.call(getExport, {})).toEqual({ export: null })
  await exported(person)
  const again = await person.ask(requestExport, {})
  expect([again.status, again.code]).toEqual([429, 'rate_limited'])
  expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(86_000)
  const { export: found } = await person.call(getExport, {})
  expect((await fetch(`${server.url}${found?.url}`, { method: 'HEAD' })).status).toBe(200)
  expect((await fetch(`${server.url}${found?.url}`)).status).toBe(200)
  await server.value(
    `update exports set requested_at = now() - interval '25 hours' where user_id = $1`,
    person.id,
  )
  expect(await person.call(getExport, {})).toEqual({ export: null })
  expect(await person.outcome(requestExport, {})).toBe('201')
})

test('an export is for the session that asked, and ends with it, with its day and with the account', async () => {
  const person = await server.person()
  const url = await open(person)
  for (const wrong of [
    url.replace(/s=.{43}/, `s=${'A'.repeat(43)}`),
    url.replace(/e=\d+/, 'e=9999999999'),
    url.replace(/i=\d+/, 'i=1'),
    url.replace(`/${person.id}?`, `/${(await server.person()).id}?`),
  ])
    expect(await refusalOf(await fetch(wrong))).toBe('404 not_found')

  await server.value(
    `update exports set requested_at = now() - interval '25 hours' where user_id = $1`,
    person.id,
  )
  expect(await refusalOf(await fetch(url))).toBe('404 not_found')
  await server.value('update exports set requested_at = now() where user_id = $1', person.id)
  expect((await fetch(url)).status).toBe(200)

  const other = Number(
    await server.value(
      `insert into sessions (user_id, current_hash) values ($1, 'another') returning id`,
      person.id,
    ),
  )
  await server.value('update exports set session_id = $1 where user_id = $2', other, person.id)
  expect((await person.call(getExport, {})).export).toMatchObject({ url: null })
  await server.value(
    'update exports set session_id = $1 where user_id = $2',
    person.sessionId,
    person.id,
  )
  await server.value('update sessions set revoked_at = now() where id = $1', person.sessionId)
  expect(await refusalOf(await fetch(url))).toBe('404 not_found')
})

test('OP-06: an erased account has no export, and one on its way breaks off', async () => {
  const person = await server.person()
  // More than the system takes on the way of one that is not read.
  const large = new Uint8Array(16 * 1024 * 1024)
  await uploaded(server.url, person, 'a.bin', large)
  await uploaded(server.url, person, 'b.bin', large)
  const url = await open(person)
  const response = await fetch(url)
  const reader = response.body?.getReader()
  await reader?.read()
  expect(await refusalOf(await fetch(url))).toBe('429 rate_limited')
  await server.value('select erase_account($1)', person.id)
  const rest = (async () => {
    while (!(await reader?.read())?.done) continue
  })()
  await expect(rest).rejects.toThrow('terminated')
  expect(await refusalOf(await fetch(url))).toBe('404 not_found')
  expect(await server.value('select count(*) from exports where user_id = $1', person.id)).toBe(0)
})
