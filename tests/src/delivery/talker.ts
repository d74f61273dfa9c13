import { type Input, type sendMessage } from '@parley/contract'
import { type Client, createClient } from '@parley/sdk'
import { follow } from '../stack/people.ts'

/** What the test tells a process of talkers to do. */
export interface Task {
  chatUrl: string
  eventsUrl: string
  people: { email: string; password: string; chats: number[] }[]
  messages: number
}

export type Order = 'talk' | 'report' | 'end'

/** What it tells the test. */
export type Report =
  | { kind: 'live' }
  | { kind: 'sent' }
  | {
      kind: 'received'
      people: { userId: number; events: string[]; contents: string[]; resyncs: string[] }[]
    }

const report = (message: Report) => process.send?.(message)

async function signIn(task: Task, who: Task['people'][number]) {
  const client = createClient({ url: task.chatUrl, eventsUrl: task.eventsUrl })
  await client.signIn({ body: { email: who.email, password: who.password } })
  return { ...(await follow(client)), chats: who.chats }
}

/** Sends one after the other; whoever was removed meanwhile is told so and goes on elsewhere. */
async function talk(
  client: Client,
  chats: number[],
  messages: number,
  name: string,
): Promise<void> {
  for (let n = 0; n < messages; n++) {
    const id = chats[n % chats.length] ?? 0
    const body: Input<typeof sendMessage>['body'] = { content: `${name} says ${n}` }
    await client.sendMessage({ params: { id }, body }).catch((error: { code?: string }) => {
      if (error.code !== 'not_found') throw error
    })
  }
}

async function run(task: Task): Promise<void> {
  const people = await Promise.all(task.people.map((who) => signIn(task, who)))
  report({ kind: 'live' })
  const obey = async (order: Order): Promise<void> => {
    if (order === 'talk') {
      await Promise.all(
        people.map(({ client, chats, me }) => talk(client, chats, task.messages, me.username)),
      )
      report({ kind: 'sent' })
    } else if (order === 'report') {
      report({
        kind: 'received',
        people: people.map(({ me, events, resyncs }) => ({
          userId: me.id,
          events: events.map((event) => `${event.topic} ${event.seq} ${event.kind}`),
          contents: events.flatMap((event) =>
            event.kind === 'NewMessage' ? [event.message.content] : [],
          ),
          resyncs,
        })),
      })
    } else {
      for (const { stream } of people) stream.close()
      process.disconnect()
    }
  }
  process.on('message', (order: Order) => void obey(order))
}

process.once('message', (task: Task) => void run(task))
