import { listUsers } from '@parley/contract'
import { until } from '@parley/core/testing/until'
import {
  type Client,
  comparable,
  fromBootstrap,
  meetUsers,
  missingUsers,
  recount,
} from '@parley/sdk'
import { same } from '../actions/attempt.ts'
import { type Actor, type Stage, actorOf, callerOf } from '../stage.ts'
import {
  bootstrapOf,
  channelsOf,
  chatAs,
  chatsOf,
  knownTo,
  userOf,
  workspaceAs,
  workspacesOf,
} from '../world/views.ts'
import { type Chat, type Person, type World, byId } from '../world/world.ts'
import { expectPages } from './answers.ts'
import { expectChat } from './chats.ts'
import { expectLog } from './log.ts'
import { expectReceived } from './received.ts'
import { expectInvite, expectWorkspace } from './workspaces.ts'

/** Everything that anybody can ask for agrees with the world, and with what the streams told. */
export async function expectAgreement(stage: Stage, world: World): Promise<void> {
  await expectLog(stage.stack, world)
  await Promise.all(world.people.map((person, n) => expectPerson(stage, world, person, n)))
}

/** What one person sees, asked from one server. */
async function expectPerson(
  stage: Stage,
  world: World,
  person: Person,
  server: number,
): Promise<void> {
  const { client } = callerOf(stage, person, server)
  await expectSight(client, world, person)
  for (const chat of world.chats) await expectChat(client, world, person, chat)
  for (const workspace of world.workspaces) {
    await expectWorkspace(client, world, person, workspace)
  }
  for (const invite of world.invites) await expectInvite(client, invite)
}

/** What somebody sees at one look; where they are on the net, also what their stream made of it. */
export async function expectSight(client: Client, world: World, person: Person): Promise<void> {
  const { cursor, me, ...rest } = await client.getBootstrap()
  same(typeof cursor, 'string')
  same({ id: me.id, username: me.username, avatar_id: me.avatar_id }, userOf(person))
  same(rest, bootstrapOf(world, person))
  const { workspaces, open } = await client.listWorkspaces()
  same(
    workspaces,
    workspacesOf(world, person).map((workspace) => workspaceAs(person, workspace)),
  )
  const ours = world.workspaces.filter(
    ({ joinPolicy, members, deleted }) => !deleted && joinPolicy === 'open' && !members.has(person),
  )
  const ids = new Set(world.workspaces.map(({ id }) => id))
  same(
    open.filter(({ id }) => ids.has(id)).toSorted(byId),
    ours.map(({ id, name, members }) => ({ id, name, member_count: members.size })).toSorted(byId),
  )
  const query = { query: `_${world.tag}`, limit: 100 }
  const near = await client.call(listUsers, { query })
  same(near.users.toSorted(byId), knownTo(world, person).toSorted(byId).map(userOf))
  await expectLists(client, world, person)
}

async function expectLists(client: Client, world: World, person: Person): Promise<void> {
  const list = (query: { public?: boolean; workspace_id?: number }, expected: readonly Chat[]) =>
    expectPages(
      async (after) => {
        const page = await client.listChats({ query: { ...query, after, limit: 3 } })
        return { items: page.chats, has_more: page.has_more }
      },
      expected.map((chat) => chatAs(world, person, chat)),
    )
  await list({}, chatsOf(world, person))
  await list({ public: true }, channelsOf(world, person))
  for (const workspace of world.workspaces) {
    const isThere = (chat: Chat) => chat.workspace === workspace
    const query = { workspace_id: workspace.id }
    await list(query, chatsOf(world, person).filter(isThere))
    await list({ ...query, public: true }, channelsOf(world, person).filter(isThere))
  }
}

/** What the stream told makes the state that a fresh bootstrap shows. */
export async function expectStreams(stage: Stage, world: World): Promise<void> {
  for (const person of world.people) {
    if (person.away) continue
    const actor = actorOf(stage, person)
    await expectReceived(world, person, actor)
    await expectConvergence(actor)
  }
}

/** The rule of the reducer, with what an application does about what events cannot tell. */
export async function expectConvergence({ follower }: Actor): Promise<void> {
  const { client } = follower
  const fresh = comparable(fromBootstrap(await client.getBootstrap()))
  const folded = async () => {
    let state = follower.state()
    for (const id of state.doubtful)
      state = recount(state, await client.getChat({ params: { id } }))
    const ids = missingUsers(state)
    if (ids.length > 0) state = meetUsers(state, (await client.listUsers({ query: { ids } })).users)
    return comparable(state)
  }
  const isSame = async () => JSON.stringify(await folded()) === JSON.stringify(fresh)
  await until(isSame, { timeoutMs: 3_000 }).catch(() => undefined)
  same(await folded(), fresh)
}
