import type { Bootstrap, Ephemeral, Event } from '@parley/contract'
import {
  type State,
  type Stream,
  type StreamOptions,
  type StreamState,
  fromBootstrap,
} from '@parley/sdk'
import { createPositions } from './positions.ts'
import type { TabMessage, Tabs } from './tabs.ts'

/** What following stands on; a test plays it. */
export interface Ports {
  bootstrap(): Promise<Bootstrap>
  openStream(options: StreamOptions): Stream
  openTabs(hear: (message: TabMessage) => void): Tabs
  /** Does the work while no other tab does the same; resolves when it is over. */
  lead(signal: AbortSignal, work: () => Promise<void>): Promise<void>
  /** Waits before the nth repetition. */
  pause(attempt: number): Promise<void>
}

export interface Kept {
  state: State
  cursor: string
}

export interface FollowOptions {
  ports: Ports
  /** Where to go on, as it was kept on disk. */
  from: Kept | undefined
  /** Everything kept is replaced: at the start, and when events were lost for good. */
  onStart(state: State): void
  /** In the order of each topic, each once since the last start. */
  onEvent(event: Event): void
  onEphemeral(ephemeral: Ephemeral): void
  onConnection(connection: StreamState): void
  /** The session is over; `renewed` goes on. */
  onSessionEnd(): void
}

export interface Following {
  /** Whether this tab is the one that follows the stream. */
  leads(): boolean
  /** Where another page could go on from the events handed over; undefined while that is unclear. */
  cursor(): string | undefined
  /** The person is here, or the network is back. */
  wake(): void
  /** Lets another tab lead while this one cannot. */
  freeze(): void
  thaw(): void
  /** There is a session again. */
  renewed(): void
  stop(): void
}

/** A door that can be shut: `pass` waits until it is open. */
function createDoor() {
  let closed: PromiseWithResolvers<void> | undefined
  return {
    shut: () => void (closed ??= Promise.withResolvers()),
    open() {
      closed?.resolve()
      closed = undefined
    },
    pass: () => closed?.promise,
  }
}

/**
 * Follows the account's events: by the stream in one tab of the browser, by what that tab passes on
 * in all others. Who begins listens before taking a bootstrap, so nothing lies between. When the tab
 * that leads is gone, another goes on where it was, and says how far it had come: who is behind that
 * takes a new bootstrap.
 */
export async function follow({ ports, from, ...options }: FollowOptions): Promise<Following> {
  const stopping = new AbortController()
  const positions = createPositions()
  const session = createDoor()
  const awake = createDoor()
  /** What comes while it is unclear what it follows on; undefined when it is clear. */
  let waiting: { event: Event; cursor: string | undefined }[] | undefined = []
  let cursor = from?.cursor ?? ''
  let connection: StreamState = { state: 'connecting', reason: 'start' }
  let running: Stream | undefined
  let beginning: Promise<Bootstrap> | undefined

  const show = (next: StreamState) => {
    connection = next
    options.onConnection(next)
  }
  function take(event: Event): 'gap' | undefined {
    const how = positions.take(event)
    if (how !== 'old') options.onEvent(event)
    return how === 'gap' ? how : undefined
  }
  function settle(): void {
    const late = waiting ?? []
    waiting = undefined
    for (const one of late) {
      take(one.event)
      cursor = one.cursor ?? cursor
    }
  }
  async function begin(): Promise<Bootstrap> {
    waiting ??= []
    const bootstrap = await ports.bootstrap()
    if (stopping.signal.aborted) return bootstrap
    cursor = bootstrap.cursor
    const state = fromBootstrap(bootstrap)
    positions.restart(state)
    options.onStart(state)
    settle()
    return bootstrap
  }
  /** One at a time: a bootstrap that is on its way may be older than what made another necessary. */
  function beginNext(): Promise<Bootstrap> {
    waiting ??= []
    const mine: Promise<Bootstrap> = (beginning ?? Promise.resolve())
      .catch(() => undefined)
      .then(begin)
      .finally(() => {
        if (beginning === mine) beginning = undefined
      })
    beginning = mine
    return mine
  }
  /** As a follower, who has nobody to repeat it for. */
  async function catchUp(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await beginNext()
        return
      } catch {
        await ports.pause(attempt)
      }
    }
  }

  function hear(message: TabMessage): void {
    if (message.type === 'hello') {
      if (running) tabs.tell({ type: 'leading', topics: positions.all(), connection })
      return
    }
    if (message.type === 'wake') return running?.wake()
    if (running) return
    if (message.type === 'ephemeral') options.onEphemeral(message.ephemeral)
    if (message.type === 'connection') show(message.connection)
    if (message.type === 'resync') void catchUp()
    if (message.type === 'leading') {
      show(message.connection)
      if (positions.behind(message.topics)) void catchUp()
      else if (!beginning) settle()
    }
    if (message.type !== 'event') return
    if (waiting) waiting.push(message)
    else if (take(message.event) === 'gap') void catchUp()
    else cursor = message.cursor ?? cursor
  }
  const tabs = ports.openTabs(hear)

  async function stream(): Promise<void> {
    await beginning?.catch(() => undefined)
    // What waited comes again: the stream goes on from before it.
    waiting = undefined
    if (stopping.signal.aborted) return
    const stream = ports.openStream({
      from: {
        cursor,
        topics: Array.from(positions.all(), ([topic, last_seq]) => ({ topic, last_seq })),
      },
      signal: stopping.signal,
      onEvent(event) {
        if (waiting) waiting.push({ event, cursor: undefined })
        else take(event)
        tabs.tell({ type: 'event', event, cursor: running?.cursor() })
      },
      onEphemeral(ephemeral) {
        options.onEphemeral(ephemeral)
        tabs.tell({ type: 'ephemeral', ephemeral })
      },
      onState(next) {
        show(next)
        tabs.tell({ type: 'connection', connection: next })
        if (next.state === 'offline' && next.reason === 'signed_out') {
          session.shut()
          options.onSessionEnd()
        }
      },
      onResync() {
        tabs.tell({ type: 'resync' })
        return beginNext()
      },
    })
    running = stream
    tabs.tell({ type: 'leading', topics: positions.all(), connection })
    try {
      await stream.done
    } finally {
      cursor = stream.cursor() ?? cursor
      running = undefined
    }
  }
  async function leadAgainAndAgain(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      await Promise.all([session.pass(), awake.pass()])
      try {
        await ports.lead(stopping.signal, stream)
      } catch {
        await ports.pause(failures++)
      }
    }
  }

  if (from) {
    positions.restart(from.state)
    options.onStart(from.state)
  } else {
    await beginNext().catch((error: unknown) => {
      tabs.close()
      throw error
    })
  }
  tabs.tell({ type: 'hello' })
  void leadAgainAndAgain()
  return {
    leads: () => running !== undefined,
    cursor: () => (waiting ? undefined : (running?.cursor() ?? cursor)),
    wake() {
      if (running) running.wake()
      else tabs.tell({ type: 'wake' })
    },
    freeze() {
      awake.shut()
      running?.close()
    },
    thaw() {
      awake.open()
      tabs.tell({ type: 'hello' })
    },
    renewed: () => session.open(),
    stop() {
      stopping.abort()
      session.open()
      awake.open()
      tabs.close()
    },
  }
}
