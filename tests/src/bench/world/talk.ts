import type { Page } from '@playwright/test'
import { type Client, createClient } from '@parley/sdk'
import { password, signInOn } from '../../browser/person.ts'
import type { RunningParley } from '../../stack/parley.ts'
import { sendMany } from '../../stack/send-many.ts'

export interface Room {
  id: number
  /** As the sidebar and the title have it. */
  name: string
  path: string
}

/** A workspace where four people talk, and a reader who has not signed in yet. */
export interface Talk {
  workspace: number
  general: Room
  /** Four, who are in every room. */
  writers: readonly [Client, ...Client[]]
  reader: Client
  readerId: number
  /** Makes public channels that all are in, and has the four write in them; what is there is read. */
  rooms(count: number, each: number): Promise<Room[]>
  /** Signs the reader in on a page. */
  signIn(page: Page): Promise<void>
}

let talks = 0

const words =
  'The quick release went out on **Tuesday** and `main` is green again: see https://example.org/log'
/** Of one to four lines, with some Markdown, and always the same for the same number. */
const textOf =
  (room: string) =>
  (n: number): string =>
    [`${room} message ${n}`, words, '- one\n- two', words].slice(0, 1 + (n % 4)).join('\n')

type Account = Awaited<ReturnType<typeof account>>

async function account(parley: RunningParley, name: string, workspace?: string) {
  const client = createClient({ url: parley.url })
  const body = { username: name, email: `${name}@example.org`, password }
  const { user, workspace: founded } = await client.signUp({
    body: workspace === undefined ? body : { ...body, workspace },
  })
  return { client, id: user.id, email: body.email, workspace: founded?.id }
}

export async function talkOf(parley: RunningParley): Promise<Talk> {
  const name = (role: string) => `${role}-${++talks}`
  const founder = await account(parley, name('founder'), `Bench ${talks}`)
  const { workspace = 0 } = founder
  const { code } = await founder.client.createInvite({ params: { id: workspace }, body: {} })
  const others: Account[] = []
  for (const role of ['ben', 'cem', 'dora', 'reader']) {
    const other = await account(parley, name(role))
    await other.client.acceptInvite({ params: { code } })
    others.push(other)
  }
  const [ben, cem, dora, reader] = others
  if (!ben || !cem || !dora || !reader) throw new Error('Nobody came.')
  const senders = [founder.id, ben.id, cem.id, dora.id] as const
  const roomOf = (id: number, name: string): Room => ({
    id,
    name,
    path: `/w/${workspace}/c/${id}`,
  })
  const { chats } = await founder.client.listChats({ query: {} })

  async function room(name: string, count: number): Promise<Room> {
    const { id } = await founder.client.createChat({
      body: { type: 'public_channel', name, workspace_id: workspace },
    })
    for (const { client } of others) await client.joinChat({ params: { id } })
    await sendMany(parley.databaseUrl(), { chat: id, senders, count, text: textOf(name) })
    const { last_seq: seq } = await founder.client.getChat({ params: { id } })
    await reader?.client.moveReadMarker({ params: { id }, body: { seq } })
    return roomOf(id, name)
  }
  return {
    workspace,
    general: roomOf(chats.find((one) => one.is_general)?.id ?? 0, 'general'),
    writers: [founder.client, ben.client, cem.client, dora.client],
    reader: reader.client,
    readerId: reader.id,
    async rooms(count, each) {
      const rooms: Room[] = []
      for (let n = 0; n < count; n++)
        rooms.push(await room(`room-${String(n).padStart(2, '0')}`, each))
      return rooms
    },
    signIn: async (page) => void (await signInOn(page, '', reader.email)),
  }
}
