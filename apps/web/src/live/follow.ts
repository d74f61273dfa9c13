import type { Bootstrap, Ephemeral, Event } from '@parley/contract'
import {
  type Client,
  type State,
  type StreamPosition,
  type StreamState,
  fromBootstrap,
} from '@parley/sdk'
import { type TabMessage, lead, openTabs } from './tabs.ts'

export interface FollowOptions {
  client: Client
  userId: number
  /** Everything kept is replaced: at the start, and when events were lost for good. */
  onStart(state: State): void
  /** In the order of each topic; one may come again. */
  onEvent(event: Event): void
  onEphemeral(ephemeral: Ephemeral): void
  onConnection(connection: StreamState): void
  onSignedOut(): void
  /** The state as all events made it that were handed over. */
  state(): State
}

export interface Following {
  stop(): void
  /** Tells the other tabs that the account was signed out. */
  signedOut(): void
}

/** Where a stream that goes on from this state begins. */
function positionOf(state: State, cursor: string): StreamPosition {
  const chats = Array.from(state.chats.values(), ({ id, last_seq }) => ({
    topic: `chat:${id}`,
    last_seq,
  }))
  const others = Array.from(state.topics, ([topic, last_seq]) => ({ topic, last_seq }))
  return { cursor, topics: [...others, ...chats] }
}

/**
 * Follows the account's events: by the stream in one tab of the browser, by what that tab passes on
 * in all others. Each tab takes its own bootstrap; it listens before that, so nothing lies between.
 * When the tab that leads is gone, another goes on where it was.
 */
export async function follow(options: FollowOptions): Promise<Following> {
  const { client, userId } = options
  const stopping = new AbortController()
  /** What comes while a bootstrap is on its way; undefined when none is. */
  let waiting: Event[] | undefined = []
  let cursor = ''
  let connection: StreamState = { state: 'connecting', reason: 'start' }
  let leading = false

  const show = (next: StreamState) => {
    connection = next
    options.onConnection(next)
  }
  const take = (event: Event) => {
    if (waiting) waiting.push(event)
    else options.onEvent(event)
  }
  async function begin(): Promise<Bootstrap> {
    waiting ??= []
    const bootstrap = await client.getBootstrap()
    cursor = bootstrap.cursor
    options.onStart(fromBootstrap(bootstrap))
    const late = waiting
    waiting = undefined
    for (const event of late) options.onEvent(event)
    return bootstrap
  }
  function hear(message: TabMessage): void {
    if (message.type === 'signed_out') return options.onSignedOut()
    if (message.type === 'hello') {
      if (leading) tabs.tell({ type: 'connection', connection })
      return
    }
    if (leading) return
    if (message.type === 'ephemeral') options.onEphemeral(message.ephemeral)
    if (message.type === 'connection') show(message.connection)
    if (message.type === 'resync') void begin().catch(() => undefined)
    if (message.type !== 'event') return
    cursor = message.cursor ?? cursor
    take(message.event)
  }
  const tabs = openTabs(userId, hear)

  async function stream(): Promise<void> {
    leading = true
    const running = client.stream({
      from: positionOf(options.state(), cursor),
      signal: stopping.signal,
      onEvent(event) {
        take(event)
        tabs.tell({ type: 'event', event, cursor: running.cursor() })
      },
      onEphemeral(ephemeral) {
        options.onEphemeral(ephemeral)
        tabs.tell({ type: 'ephemeral', ephemeral })
      },
      onState(next) {
        show(next)
        tabs.tell({ type: 'connection', connection: next })
        if (next.state === 'offline' && next.reason === 'signed_out') options.onSignedOut()
      },
      onResync() {
        tabs.tell({ type: 'resync' })
        return begin()
      },
    })
    await running.done
  }

  await begin()
  tabs.tell({ type: 'hello' })
  void lead(userId, stopping.signal, stream)
  return {
    stop() {
      stopping.abort()
      tabs.close()
    },
    signedOut: () => tabs.tell({ type: 'signed_out' }),
  }
}
