import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { until } from '@parley/core/testing/until'
import { type Client } from '@parley/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entitled, lastLogId } from '../stack/entitled.ts'
import { signUp } from '../stack/people.ts'
import { type Proxy, startProxy } from '../stack/proxy.ts'
import { type Stack, startStack } from '../stack/servers.ts'
import type { Order, Report, Task } from './talker.ts'

const password = 'correct horse battery staple'
const messages = 40
const names = ['ada', 'ben', 'cyd', 'dan', 'eve', 'fay']

let stack: Stack
let proxy: Proxy
const talkers: ChildProcess[] = []

beforeAll(async () => {
  stack = await startStack({ chat: 2, notify: 2 })
  proxy = await startProxy(stack.eventsUrls[0] ?? '')
})
afterAll(async () => {
  for (const talker of talkers) talker.kill()
  await proxy.stop()
  await stack.stop()
})

const ask = (talker: ChildProcess, message: Task | Order): void => void talker.send(message)

/** The next report of this kind. */
function answer<K extends Report['kind']>(talker: ChildProcess, kind: K) {
  type Wanted = Extract<Report, { kind: K }>
  const isWanted = (report: Report): report is Wanted => report.kind === kind
  return new Promise<Wanted>((resolve) => {
    const listen = (report: Report) => {
      if (!isWanted(report)) return
      talker.off('message', listen)
      resolve(report)
    }
    talker.on('message', listen)
  })
}

async function makePeople(): Promise<{ client: Client; id: number }[]> {
  const people = []
  for (const [at, name] of names.entries()) {
    const client = stack.client({ chat: at % 2 })
    const { id } = await signUp(client, name, 'Acme')
    if (at === 0) {
      const [workspace] = (await client.listWorkspaces()).workspaces
      await client.updateWorkspace({
        params: { id: workspace?.id ?? 0 },
        body: { join_policy: 'open' },
      })
    }
    people.push({ client, id })
  }
  return people
}

/** One chat of each kind; everybody is in the channels, the first two in the single chat. */
async function makeChats(people: { client: Client; id: number }[]) {
  const [owner, second, ...rest] = people
  if (!owner || !second) throw new Error('nobody there')
  const others = [second.id, ...rest.map(({ id }) => id)]
  const make = async (body: Parameters<Client['createChat']>[0]['body']) =>
    (await owner.client.createChat({ body })).id
  return {
    single: await make({ type: 'single', user_id: second.id }),
    group: await make({ type: 'group', user_ids: others }),
    secret: await make({ type: 'private_channel', name: 'secret', user_ids: others }),
    open: await make({ type: 'public_channel', name: 'open', user_ids: others }),
  }
}

/** Three processes, two people each; the last one's stream runs through the proxy. */
async function startTalkers(chats: Awaited<ReturnType<typeof makeChats>>): Promise<void> {
  for (let n = 0; n < 3; n++) {
    const talker = fork(fileURLToPath(new URL('./talker.ts', import.meta.url)), { execArgv: [] })
    talkers.push(talker)
    const task: Task = {
      chatUrl: stack.chatUrls[n % 2] ?? '',
      eventsUrl:
        n === 2 ? `http://127.0.0.1:${proxy.port}/events` : (stack.eventsUrls[n % 2] ?? ''),
      messages,
      people: names.slice(n * 2, n * 2 + 2).map((name) => ({
        email: `${name}@example.org`,
        password,
        chats: [chats.group, chats.secret, chats.open, ...(n === 0 ? [chats.single] : [])],
      })),
    }
    ask(talker, task)
  }
  await Promise.all(talkers.map((talker) => answer(talker, 'live')))
}

test('people in three processes get every event they may see once, in order, over all kinds of chats', async () => {
  const people = await makePeople()
  const chats = await makeChats(people)
  await startTalkers(chats)
  const start = await lastLogId(stack.sql)
  const sent = Promise.all(talkers.map((talker) => answer(talker, 'sent')))
  for (const talker of talkers) ask(talker, 'talk')

  // In the middle of it, somebody is removed, and a stream is cut and goes on at the other server.
  const [owner, , , removed] = people
  if (!owner || !removed) throw new Error('nobody there')
  await until(async () => (await lastLogId(stack.sql)) > start + 60)
  const { secret, group } = chats
  await owner.client.removeChatMember({ params: { id: secret, user_id: removed.id } })
  proxy.leadTo(stack.eventsUrls[1] ?? '')
  proxy.cut()
  await until(async () => (await lastLogId(stack.sql)) > start + 120)
  await owner.client.updateChat({ params: { id: group }, body: { remove_user_ids: [removed.id] } })
  await sent

  let removals = 0
  for (const talker of talkers) {
    const received = await until(async () => {
      ask(talker, 'report')
      const report = await answer(talker, 'received')
      const whole = await Promise.all(
        report.people.map(async ({ userId, events }) => {
          return events.length >= (await entitled(stack.sql, userId, start)).length
        }),
      )
      return whole.every(Boolean) && report.people
    })
    for (const { userId, events, resyncs } of received) {
      const places = events.map((event) => event.split(' ').slice(0, 2).join(' '))
      const expected = await entitled(stack.sql, userId, start)
      expect(resyncs).toEqual([])
      expect(places.toSorted()).toEqual(expected.toSorted())
      expect(new Set(places).size).toBe(places.length)
      expect(byTopic(places)).toEqual(byTopic(expected))
    }
    const theirs = received.find(({ userId }) => userId === removed.id)
    if (!theirs) continue
    const told = theirs.events.flatMap((event, at) =>
      event.endsWith('RemoveFromChat') ? [at] : [],
    )
    for (const [n, chat] of [secret, group].entries()) {
      const last = theirs.events.findLastIndex((event) => event.startsWith(`chat:${chat} `))
      expect(last).toBeGreaterThan(-1)
      expect(told[n]).toBeGreaterThan(last)
      removals++
    }
  }
  expect(removals).toBe(2)
  for (const talker of talkers) ask(talker, 'end')
})

/** The seqs of each topic, in the order in which they came. */
function byTopic(places: string[]): Record<string, number[]> {
  const topics: Record<string, number[]> = {}
  for (const place of places) {
    const [topic = '', seq] = place.split(' ')
    ;(topics[topic] ??= []).push(Number(seq))
  }
  return topics
}
