// @vitest-environment node
import type { Bootstrap, Event } from '@parley/contract'
import type { Stream, StreamOptions } from '@parley/sdk'
import { asyncProperty, array, assert as hold, constantFrom, nat, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { type Following, type Ports, follow } from './follow.ts'
import type { TabMessage } from './tabs.ts'

const at = '2026-01-01T00:00:00.000Z'
const chats = [1, 2]
const message = (chat_id: number, seq: number): Event => ({
  topic: `chat:${chat_id}`,
  seq,
  kind: 'MessageDeleted',
  at,
  actor_id: 1,
  chat_id,
  message_id: seq,
  message_seq: seq,
  sender_id: 1,
  mentions: [],
  deleted_at: at,
})

/** A server, a browser with its channel and its locks, and tabs that come, go and crash. */
function createWorld() {
  const log: Event[] = []
  const seqs = new Map(chats.map((id) => [id, 0]))
  const tabs = new Set<Tab>()
  const queue: { tab: Tab; work: () => Promise<void> }[] = []
  let holder: Tab | undefined
  const todo: (() => void)[] = []
  const later = (tab: Tab, work: () => void) => todo.push(() => tabs.has(tab) && work())

  class Tab {
    readonly got = new Map<string, number[]>()
    base = new Map<string, number>()
    following: Following | undefined
    #hear: (message: TabMessage) => void = () => undefined
    readonly #inbox: TabMessage[] = []
    readonly #streams = new Set<() => void>()
    readonly #ports: Ports = {
      bootstrap: () =>
        new Promise((resolve, reject) => {
          const taken = bootstrap()
          later(this, () => (todo.length % 7 === 6 ? reject(new Error('refused')) : resolve(taken)))
        }),
      pause: () => new Promise((resolve) => later(this, resolve)),
      openTabs: (hear) => {
        this.#hear = hear
        return {
          tell: (said) => {
            for (const tab of tabs) {
              if (tab === this) continue
              // What one is told comes in order; what happens in between does not.
              tab.#inbox.push(said)
              later(tab, () => tab.#hear(tab.#inbox.shift() ?? said))
            }
          },
          close: () => (this.#hear = () => undefined),
        }
      },
      lead: (_signal, work) =>
        new Promise((resolve) => {
          queue.push({ tab: this, work: async () => resolve(await work()) })
          grant()
        }),
      openStream: (options) => this.#stream(options),
    }
    #stream(options: StreamOptions): Stream {
      let next = Number(options.from?.cursor)
      const seen = new Map(options.from?.topics?.map(({ topic, last_seq }) => [topic, last_seq]))
      const done = Promise.withResolvers<void>()
      let open = true
      const step = () => {
        if (!open) return
        const event = log[next++]
        if (!event) next--
        else if (event.seq > (seen.get(event.topic) ?? 0)) {
          seen.set(event.topic, event.seq)
          options.onEvent(event)
        }
      }
      this.#streams.add(step)
      const close = () => {
        open = false
        this.#streams.delete(step)
        done.resolve()
      }
      options.signal?.addEventListener('abort', close)
      return {
        cursor: () => String(next),
        state: () => ({ state: 'live' }),
        wake: () => undefined,
        close,
        done: done.promise,
      }
    }
    async open(): Promise<void> {
      for (let n = 0; n < 50 && !this.following && tabs.has(this); n++) {
        this.following = await follow({
          ports: this.#ports,
          from: undefined,
          onStart: (state) => {
            this.got.clear()
            this.base = new Map([...state.chats.values()].map((c) => [`chat:${c.id}`, c.last_seq]))
          },
          onEvent: ({ topic, seq }) => this.got.set(topic, [...(this.got.get(topic) ?? []), seq]),
          onEphemeral: () => undefined,
          onConnection: () => undefined,
          onSessionEnd: () => undefined,
        }).catch(() => undefined)
      }
    }
    pump(): void {
      for (const step of this.#streams) step()
    }
  }

  function bootstrap(): Bootstrap {
    const me = {
      id: 1,
      username: 'ann',
      avatar_id: null,
      email: 'a@example.org',
      created_at: at,
      is_admin: false,
    }
    return {
      cursor: String(log.length),
      me,
      workspaces: [],
      users: [],
      topics: [],
      chats: [...seqs].map(([id, last_seq]) => ({
        id,
        type: 'public_channel',
        workspace_id: 1,
        name: 'x',
        description: null,
        history: 'all',
        is_general: false,
        users: [],
        member_count: 1,
        role: 'member',
        notification: 'all',
        last_seq,
        read_seq: 0,
        unread_count: 0,
        mention_count: 0,
        created_by: 1,
        created_at: at,
      })),
    }
  }
  function grant(): void {
    if (holder && tabs.has(holder)) return
    const next = queue.shift()
    if (!next) return
    if (!tabs.has(next.tab)) return grant()
    holder = next.tab
    void next.work().then(() => {
      if (holder === next.tab) holder = undefined
      grant()
    })
  }
  return {
    tabs,
    post(chat: number) {
      const seq = (seqs.get(chat) ?? 0) + 1
      seqs.set(chat, seq)
      log.push(message(chat, seq))
    },
    open() {
      const tab = new Tab()
      tabs.add(tab)
      void tab.open()
    },
    /** Nobody is told: the browser gives its lock to the next. */
    crash(tab: Tab) {
      tabs.delete(tab)
      if (holder === tab) holder = undefined
      grant()
    },
    freeze(tab: Tab) {
      tab.following?.freeze()
    },
    thaw(tab: Tab) {
      tab.following?.thaw()
    },
    /** Lets one thing that waits happen; streams bring an event now and then. */
    async step(n: number) {
      const [work] = todo.splice(n % Math.max(1, Math.min(3, todo.length)), 1)
      work?.()
      if (n % 2 === 0) for (const tab of tabs) tab.pump()
      await new Promise(setImmediate)
    },
    seqs,
  }
}

const commands = constantFrom(
  'post',
  'post',
  'step',
  'step',
  'step',
  'open',
  'crash',
  'freeze',
  'thaw',
)

test('whichever tabs lead, close and crash, every tab gets each event once and in order', async () => {
  await hold(
    asyncProperty(array(tuple(commands, nat(30)), { maxLength: 60 }), async (plan) => {
      const world = createWorld()
      world.open()
      for (const [command, n] of plan) {
        const tab = [...world.tabs][n % Math.max(1, world.tabs.size)]
        if (command === 'post') world.post(chats[n % 2] ?? 1)
        else if (command === 'open') world.open()
        else if (command === 'crash' && tab) world.crash(tab)
        else if (command === 'freeze' && tab) world.freeze(tab)
        else if (command === 'thaw' && tab) world.thaw(tab)
        await world.step(n)
      }
      for (const tab of world.tabs) world.thaw(tab)
      for (let n = 0; n < 150; n++) await world.step(n % 2)
      for (const tab of world.tabs) {
        for (const [chat, last] of world.seqs) {
          const topic = `chat:${chat}`
          const base = tab.base.get(topic) ?? -1
          const wanted = Array.from({ length: last - base }, (_, n) => base + 1 + n)
          expect(tab.got.get(topic) ?? []).toEqual(wanted)
        }
      }
    }),
    { numRuns: 200 },
  )
})
