import {
  deleteFile,
  deleteWorkspace,
  getMe,
  getWorkspace,
  listFileUrls,
  listUsers,
  listWorkspaceMembers,
  openFile,
  removeWorkspaceMember,
  sendMessage,
  updateMe,
  updateWorkspace,
} from '@parley/contract'
import { createLog } from '@parley/core/log'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, type TestServer, query, startChatServer } from '../../fixtures/chat-server.ts'
import { bearer, chunk, png, uploaded } from '../../fixtures/files.ts'
import { clean } from '../cleaning/clean.ts'

let server: TestServer
beforeAll(async () => {
  server = await startChatServer()
})
afterAll(() => server.stop())

const upload = async (by: Person, bytes = png(300, 200), name = 'me.png') =>
  (await uploaded(server.url, by, name, bytes)).id
const wear = (by: Person, avatar_id: number | null) => by.outcome(updateMe, { body: { avatar_id } })
const hang = (by: Person, id: number, icon_id: number | null) =>
  by.outcome(updateWorkspace, { params: { id }, body: { icon_id } })

/** Somebody with a picture, and its file. */
async function pictured() {
  const person = await server.person()
  const file = await upload(person)
  expect(await wear(person, file)).toBe('200')
  return { person, file }
}

/** What somebody is told of a file that is asked for in a way, less what differs each time. */
async function told(by: Person, id: number, way: { method?: string; query?: string } = {}) {
  const response = await fetch(`${server.url}/api/files/${id}${way.query ?? ''}`, {
    method: way.method ?? 'GET',
    headers: { ...bearer(by), range: 'bytes=0-9' },
    redirect: 'manual',
  })
  const body = await response.text()
  return `${response.status} ${body.replace(/"request_id":"[^"]*"/, '')}`
}
/** The bytes behind an address, as whoever it was made for gets them. */
async function shown(by: Person, id: number) {
  const response = await fetch(`${server.url}/api/files/${id}`, { headers: bearer(by) })
  return { status: response.status, type: response.headers.get('content-type'), response }
}

async function keys(): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of server.storage.list()) found.push(key)
  return found
}
const keyOf = async (id: number) =>
  String(await server.value('select storage_key::text from files where id = $1', id))
const cleaned = (hours = 0) =>
  clean(
    { ...server, log: createLog('test', 'silent') },
    new Date(Date.now() + hours * 3_600_000 + 1_000),
  )

test('a picture is what was made of a file, a square of 128 pixels, and the file is gone', async () => {
  const ada = await server.person()
  const bytes = png(300, 200)
  const secret = Buffer.concat([
    bytes.subarray(0, 33),
    chunk('tEXt', Buffer.from('Author\0SecretCamera')),
    bytes.subarray(33),
  ])
  const file = await upload(ada, secret, 'me at home.png')
  const before = await keyOf(file)
  const me = await ada.call(updateMe, { body: { avatar_id: file } })
  expect(me.avatar_id).toBe(file)
  expect(await ada.call(getMe, {})).toEqual(me)
  const { response, type } = await shown(ada, file)
  expect(type).toBe('image/webp')
  expect(response.headers.get('content-disposition')).toContain('filename="avatar.webp"')
  const square = Buffer.from(await response.arrayBuffer())
  expect(square.subarray(8, 12).toString('latin1')).toBe('WEBP')
  expect(square.includes('SecretCamera')).toBe(false)
  await until(
    async () => {
      await cleaned()
      return !(await keys()).some((key) => key.startsWith(before))
    },
    { timeoutMs: 10_000 },
  )
  expect(await server.value('select count(*) from file_garbage')).toBe(0)
  // Nor is anything that was made of the file before asked for any more.
  for (const rendition of ['thumb', 'large', 'square'])
    expect(await ada.outcome(openFile, { params: { id: file }, query: { rendition } })).toBe(
      '404 not_found',
    )
  expect(
    await query(
      server.pool,
      `select name, mime, width, height, renditions, size::integer from files where id = ${file}`,
    ),
  ).toEqual([
    {
      name: 'avatar.webp',
      mime: 'image/webp',
      width: 128,
      height: 128,
      renditions: [],
      size: square.length,
    },
  ])
  // It counts for what it takes.
  expect(
    await server.value(
      `select bytes::integer from file_use where scope = 'user' and id = $1`,
      ada.id,
    ),
  ).toBe(square.length)
})

test('asking for the picture that one has changes nothing', async () => {
  const { person, file } = await pictured()
  const seq = () => server.value('select last_seq from topics where id = $1', person.id)
  const before = await seq()
  expect(await wear(person, file)).toBe('200')
  expect(await seq()).toBe(before)
})

test('FI-02: HTML named .png, SVG, and whatever else is no picture, are refused', async () => {
  const ada = await server.person()
  const files = {
    'html.png': '<!doctype html><script>alert(1)</script>',
    'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    'drawing.png': '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    'paper.pdf': '%PDF-1.7\n',
    'text.txt': 'a text',
  }
  for (const [name, text] of Object.entries(files)) {
    const { id } = await uploaded(server.url, ada, name, text)
    expect([name, await wear(ada, id)]).toEqual([name, '422 not_a_picture'])
    // It stays as it was, and may still be sent.
    expect(await server.value('select state from files where id = $1', id)).toBe('stored')
  }
  expect((await ada.call(getMe, {})).avatar_id).toBeNull()
})

test('FI-04: pictures of too many pixels and broken ones are refused, and the one before stays', async () => {
  const { person, file } = await pictured()
  const bomb = await upload(person, png(50_000, 50_000, 1))
  const broken = await upload(person, png(64, 64).subarray(0, 50))
  for (const id of [bomb, broken]) expect(await wear(person, id)).toBe('422 not_a_picture')
  expect((await person.call(getMe, {})).avatar_id).toBe(file)
})

test('AZ-08: only a file of one’s own that hangs on nothing becomes a picture', async () => {
  const [ada, ben] = [await server.person(), await server.person()]
  const { id: workspace, general } = await server.workspace(ada, ben)
  const hers = await upload(ada)
  expect(await wear(ben, hers)).toBe('422 unknown_file')
  expect(await wear(ben, 999)).toBe('422 unknown_file')
  const sent = await upload(ben)
  await ben.call(sendMessage, { params: { id: general }, body: { content: '', files: [sent] } })
  expect(await wear(ben, sent)).toBe('422 unknown_file')
  // What is a picture is nothing else: no file of a message, no icon.
  expect(await wear(ada, hers)).toBe('200')
  const send = { params: { id: general }, body: { content: '', files: [hers] } }
  expect(await ada.outcome(sendMessage, send)).toBe('422 unknown_file')
  expect(await hang(ada, workspace, hers)).toBe('422 unknown_file')
  expect(await ada.outcome(deleteFile, { params: { id: hers } })).toBe('404 not_found')
})

test('a picture that is set as it is sent is one of the two', async () => {
  const ada = await server.person()
  const { general } = await server.workspace(ada)
  for (let n = 0; n < 5; n++) {
    const id = await upload(ada)
    const outcomes = await Promise.all([
      wear(ada, id),
      ada.outcome(sendMessage, { params: { id: general }, body: { content: '', files: [id] } }),
    ])
    const state = await server.value('select state from files where id = $1', id)
    expect([
      ['200', '422 unknown_file', 'avatar'],
      ['422 unknown_file', '201', 'attached'],
    ]).toContainEqual([...outcomes, state])
    await wear(ada, null)
  }
})

test('pictures, names, icons and messages with files at the same time never wait in a circle', async () => {
  const people = await Promise.all([server.person(), server.person(), server.person()])
  const [owner] = people
  const { id, general } = await server.workspace(...people)
  const group = Number(
    await server.value(
      `insert into chats (type, created_by) values ('group', $1) returning id`,
      owner.id,
    ),
  )
  for (const person of people)
    await server.value(
      'insert into chat_members (chat_id, user_id) values ($1, $2) returning 1',
      group,
      person.id,
    )
  const outcomes = await Promise.all(
    people.flatMap((person, n) =>
      Array.from({ length: 4 }, async (_, round) => {
        const [face, icon, sent] = [await upload(person), await upload(owner), await upload(person)]
        const chat = round % 2 === 0 ? general : group
        return Promise.all([
          wear(person, face),
          hang(owner, id, icon),
          person.outcome(updateMe, { body: { username: `renamed${n}${round}${id}` } }),
          person.outcome(sendMessage, {
            params: { id: chat },
            body: { content: '', files: [sent] },
          }),
        ])
      }),
    ),
  )
  expect(new Set(outcomes.flat())).toEqual(new Set(['200', '201']))
  const left = await query(
    server.pool,
    `select state, count(*)::integer from files where owner_id in (${people.map(({ id }) => id).join()})
     group by 1 order by 1`,
  )
  expect(left).toEqual([
    { state: 'attached', count: 12 },
    { state: 'avatar', count: 3 },
    { state: 'icon', count: 1 },
  ])
})

test('AZ-09: whoever shares a workspace or a chat sees a picture; all others get what is not there', async () => {
  const { person, file } = await pictured()
  const [colleague, friend, stranger] = [
    await server.person(),
    await server.person(),
    await server.person(),
  ]
  const { id: workspace } = await server.workspace(person, colleague)
  const chat = await server.value(
    `insert into chats (type, created_by) values ('group', $1) returning id`,
    person.id,
  )
  for (const { id } of [person, friend])
    await server.value(
      'insert into chat_members (chat_id, user_id) values ($1, $2) returning 1',
      chat,
      id,
    )
  for (const who of [person, colleague, friend]) expect((await shown(who, file)).status).toBe(200)
  const ways = [{}, { query: '?rendition=thumb' }, { query: '?download=true' }, { method: 'HEAD' }]
  for (const way of ways)
    expect(await told(stranger, file, way)).toBe(await told(stranger, 999, way))
  const ids = [file, 999]
  expect(await stranger.call(listFileUrls, { query: { ids } })).toEqual({ urls: [] })
  expect((await colleague.call(listFileUrls, { query: { ids } })).urls).toHaveLength(1)

  // An address that was made before goes with the right to it.
  const address = String(
    (await colleague.call(listFileUrls, { query: { ids: [file] } })).urls[0]?.url,
  )
  expect((await fetch(`${server.url}${address}`)).status).toBe(200)
  await person.call(removeWorkspaceMember, { params: { id: workspace, user_id: colleague.id } })
  for (const init of [{}, { method: 'HEAD' }, { headers: { range: 'bytes=0-9' } }])
    expect((await fetch(`${server.url}${address}`, init)).status).toBe(404)
  expect(await told(colleague, file)).toBe(await told(colleague, 999))
  expect((await shown(person, file)).status).toBe(200)
})

test('AZ-09: a workspace’s icon is for its members, and for whoever may change it to change', async () => {
  const [owner, member, stranger] = [
    await server.person(),
    await server.person(),
    await server.person(),
  ]
  const { id } = await server.workspace(owner, member)
  const icon = await upload(owner)
  expect(await hang(member, id, await upload(member))).toBe('403 forbidden')
  expect(await hang(stranger, id, await upload(stranger))).toBe('404 not_found')
  expect(await hang(owner, id, icon)).toBe('200')
  expect((await member.call(getWorkspace, { params: { id } })).icon_id).toBe(icon)
  expect((await shown(member, icon)).type).toBe('image/webp')
  expect(await told(stranger, icon)).toBe(await told(stranger, 999))
  await member.call(removeWorkspaceMember, { params: { id, user_id: member.id } })
  expect(await told(member, icon)).toBe(await told(member, 999))
  // The owner's picture is another file, and an icon is no picture.
  expect(await wear(owner, icon)).toBe('422 unknown_file')
  // Another one who may changes it: the file stays its owner's until then.
  const admin = await server.person()
  await server.value(`select join_workspace($1, $2, 'admin')`, id, admin.id)
  expect(await hang(admin, id, icon)).toBe('200')
  expect(await hang(admin, id, await upload(admin))).toBe('200')
  expect(await told(owner, icon)).toBe(await told(owner, 999))
})

test('a picture is told wherever a person is', async () => {
  const { person, file } = await pictured()
  const other = await server.person()
  const { id } = await server.workspace(person, other)
  const { members } = await other.call(listWorkspaceMembers, { params: { id }, query: {} })
  expect(members).toContainEqual({
    id: person.id,
    username: person.username,
    avatar_id: file,
    role: 'owner',
  })
  const { users } = await other.call(listUsers, { query: { ids: [person.id] } })
  expect(users).toEqual([{ id: person.id, username: person.username, avatar_id: file }])
})

test('FI-06: a picture stays as long as it is one; replaced, taken away or with its workspace it goes', async () => {
  const { person, file } = await pictured()
  const { id } = await server.workspace(person)
  const icon = await upload(person)
  await hang(person, id, icon)
  const [avatarKey, iconKey] = [await keyOf(file), await keyOf(icon)]
  await cleaned(48)
  expect(await keys()).toEqual(expect.arrayContaining([avatarKey, iconKey]))

  const next = await upload(person)
  expect(await wear(person, next)).toBe('200')
  expect(await told(person, file)).toBe(await told(person, 999))
  const nextKey = await keyOf(next)
  await cleaned()
  expect(await keys()).not.toContain(avatarKey)
  expect(await wear(person, null)).toBe('200')
  await person.call(deleteWorkspace, { params: { id } })
  await cleaned()
  for (const key of [nextKey, iconKey]) expect(await keys()).not.toContain(key)
  expect(await server.value('select count(*) from files where owner_id = $1', person.id)).toBe(0)
  expect(
    await server.value(
      `select bytes::integer from file_use where scope = 'user' and id = $1`,
      person.id,
    ),
  ).toBe(0)
})

test('nothing is left of a square that came to nothing', async () => {
  const { person } = await pictured()
  const other = await server.person()
  const id = await upload(person)
  const before = new Set(await keys())
  const body = { avatar_id: id, username: other.username }
  expect(await person.outcome(updateMe, { body })).toBe('409 account_taken')
  // It may still become one.
  expect(await server.value('select state from files where id = $1', id)).toBe('stored')
  await cleaned(2)
  expect((await keys()).filter((key) => !before.has(key) && !key.includes('.'))).toEqual([])
})

test('by hand, too, only what became a picture is one', async () => {
  const { person, file } = await pictured()
  const other = await server.person()
  const stored = await upload(person)
  const by = (id: number, avatar: number) =>
    server.value('update users set avatar_id = $2 where id = $1 returning id', id, avatar)
  await expect(by(person.id, stored)).rejects.toThrow('become_picture')
  await expect(by(other.id, file)).rejects.toThrow('users_avatar')
  await expect(server.value('delete from files where id = $1 returning id', file)).rejects.toThrow(
    'foreign key',
  )
})
