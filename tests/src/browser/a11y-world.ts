import type { Page } from '@playwright/test'
import { type Client, createClient } from '@parley/sdk'
import type { RunningParley } from '../stack/parley.ts'
import { made, share } from './files-world.ts'
import { type Fixtures, type Person, type WorkerFixtures, test as base } from './fixtures.ts'
import { password } from './person.ts'
import { mp3, png } from './pictures.ts'
import { workspaceOf } from './places.ts'

/** A workspace with a chat of every kind and a message of every kind, and who reads there. */
export interface World {
  ann: Person
  /** Ann's. */
  page: Page
  /** A colleague without a page. */
  ben: Client
  benName: string
  /** Where things are in the client. */
  paths: Readonly<Record<Path, string>>
  /** The id of #busy. */
  busy: number
}
type Path = 'list' | 'busy' | 'design' | 'direct' | 'group' | 'browse' | 'audit' | 'nothing'

type Given = Pick<Fixtures, 'signUp' | 'clientOf' | 'sql'> & Pick<WorkerFixtures, 'parley'>

let people = 0

async function newcomer(parley: RunningParley, name: string, invite: string) {
  const client = createClient({ url: parley.url })
  const unique = `${name}-${process.pid}-w${++people}`
  const email = `${unique}@example.org`
  const { user } = await client.signUp({ body: { username: unique, email, password, invite } })
  return { client, id: user.id, name: unique }
}

const long =
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(2)
const texts = [
  'Good morning, here is the plan for the week with everything we agreed on.',
  'And one more line below the same name.',
  '# Not a title\n- one\n- two\n\n> said before\n\nSee https://example.org/a/long/path and `npm ci`.',
  '```ts\nexport const answer = 42 // a comment that is long enough to be scrolled in its own box, whatever comes\n```',
  long,
  'صباح الخير، هذه رسالة بالعربية. עברית 日本語のメッセージ',
  '🎉🚀',
]

const files = [
  made('first.png', png(90, 60, '#2980b9')),
  made('second.png', png(60, 90, '#27ae60')),
  made('a plan with a name that is long enough for two lines on a phone.pdf', '%PDF-1.7\n'),
  made('silence.mp3', mp3()),
]

/** One message of every kind; what Ann has read ends with what she said. */
async function fill(chat: number, ann: Client, ben: Client, eve: Client, given: Given, me: string) {
  const params = { id: chat }
  const say = async (client: Client, content: string) =>
    client.sendMessage({ params, body: { content } })
  for (const text of texts) await say(ben, text)
  await share(ben, chat, files)
  // Past the trigger: these are of the day before.
  await given.sql(
    `begin; set local session_replication_role = replica;
     update messages set created_at = now() - interval '1 day' where chat_id = ${chat}; commit`,
  )
  const { id: typo } = await say(ben, 'A tpyo')
  await ben.editMessage({ params: { ...params, message_id: typo }, body: { content: 'A typo' } })
  const { id: wrong } = await say(eve, 'Said by mistake')
  await eve.deleteMessage({ params: { ...params, message_id: wrong } })
  const { seq } = await say(ann, 'What I said myself')
  await ann.moveReadMarker({ params, body: { seq } })
  await say(ben, `Have a look, @${me}, and tell **us** what you _think_`)
  await say(eve, 'The newest message')
}

/** Ann by the form, all else by the API. */
async function worldOf(given: Given): Promise<World> {
  const ann = await given.signUp('ann')
  const { page, name } = ann
  const workspace_id = workspaceOf(page)
  const api = await given.clientOf(ann)
  const { code } = await api.createInvite({ params: { id: workspace_id }, body: {} })
  // One after the other: that is their order in lists.
  const ben = await newcomer(given.parley, 'ben', code)
  const eve = await newcomer(given.parley, 'eve', code)
  const [user_ids, me] = [[ben.id, eve.id], await api.getMe()]
  const description = 'All that happens here, day by day'
  const [busy, group, design, direct] = await Promise.all([
    api.createChat({
      body: { type: 'public_channel', name: 'busy', workspace_id, description, user_ids },
    }),
    api.createChat({ body: { type: 'group', name: 'Lunch', user_ids } }),
    ben.client.createChat({ body: { type: 'public_channel', name: 'design', workspace_id } }),
    ben.client.createChat({ body: { type: 'single', user_id: me.id } }),
  ])
  for (const { id } of [group, design, direct])
    await ben.client.sendMessage({ params: { id }, body: { content: 'Are you there?' } })
  await fill(busy.id, api, ben.client, eve.client, given, name)
  const list = `/w/${workspace_id}`
  const paths = {
    list,
    busy: `${list}/c/${busy.id}`,
    design: `${list}/c/${design.id}`,
    direct: `${list}/c/${direct.id}`,
    group: `${list}/c/${group.id}`,
    browse: `${list}/browse`,
    audit: `${list}/audit`,
    nothing: `${list}/nothing`,
  }
  return { ann, page, ben: ben.client, benName: ben.name, paths, busy: busy.id }
}

export const test = base.extend<{ world: World }>({
  async world({ signUp, clientOf, sql, parley }, use) {
    await use(await worldOf({ signUp, clientOf, sql, parley }))
  },
})
