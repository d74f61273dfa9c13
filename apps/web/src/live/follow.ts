import type { Bootstrap, Ephemeral, Event } from '@parley/contract'
import type { State, Stream, StreamOptions, StreamState } from '@parley/sdk'
import { createBeginning } from './beginning.ts'
import { createDoor } from './door.ts'
import { type Ledger, createLedger } from './ledger.ts'
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

/** The parts that leading and following share. */
interface Common {
  options: Omit<FollowOptions, 'from'>
  stopped: AbortSignal
  ledger: Ledger
  beginning: ReturnType<typeof createBeginning>
  session: ReturnType<typeof createDoor>
  awake: ReturnType<typeof createDoor>
  tabs: Tabs
  connection(): StreamState
  show(connection: StreamState): void
}

/** Holds the stream whenever it is this tab's turn, and passes on to the others what it brings. */
function createLeading(common: Common) {
  const { options, stopped, ledger, beginning, session, awake, tabs } = common
  let running: Stream | undefined

  const open = (): Stream =>
    options.ports.openStream({
      from: {
        cursor: ledger.cursor(),
        topics: Array.from(ledger.topics(), ([topic, last_seq]) => ({ topic, last_seq })),
      },
      signal: stopped,
      onEvent(event) {
        ledger.take(event)
        tabs.tell({ type: 'event', event, cursor: running?.cursor() })
      },
      onEphemeral(ephemeral) {
        options.onEphemeral(ephemeral)
        tabs.tell({ type: 'ephemeral', ephemeral })
      },
      onState(next) {
        common.show(next)
        tabs.tell({ type: 'connection', connection: next })
        if (next.state !== 'offline' || next.reason !== 'signed_out') return
        session.shut()
        options.onSessionEnd()
      },
      onResync() {
        tabs.tell({ type: 'resync' })
        return beginning.next()
      },
    })
  const greet = () =>
    tabs.tell({ type: 'leading', topics: ledger.topics(), connection: common.connection() })
  async function work(): Promise<void> {
    await beginning.current()?.catch(() => undefined)
    // What waited comes again: the stream goes on from before it.
    ledger.drop()
    if (stopped.aborted) return
    const stream = open()
    running = stream
    greet()
    try {
      await stream.done
    } finally {
      ledger.moveTo(stream.cursor())
      running = undefined
    }
  }
  async function again(): Promise<void> {
    for (let failures = 0; !stopped.aborted;) {
      await Promise.all([session.pass(), awake.pass()])
      try {
        await options.ports.lead(stopped, work)
      } catch {
        await options.ports.pause(failures++)
      }
    }
  }
  return { running: () => running, greet, again }
}

/**
 * Follows the account's events: by the stream in one tab of the browser, by what that tab passes on
 * in all others. Who begins listens before taking a bootstrap, so nothing lies between. When the tab
 * that leads is gone, another goes on where it was, and says how far it had come: who is behind that
 * takes a new bootstrap.
 */
export async function follow({ from, ...options }: FollowOptions): Promise<Following> {
  const { ports } = options
  const stopping = new AbortController()
  const ledger = createLedger(options)
  const beginning = createBeginning(ports, ledger, stopping.signal)
  const [session, awake] = [createDoor(), createDoor()]
  let connection: StreamState = { state: 'connecting', reason: 'start' }
  const show = (next: StreamState) => {
    connection = next
    options.onConnection(next)
  }

  /** As a follower. */
  function listen(message: TabMessage): void {
    if (message.type === 'ephemeral') options.onEphemeral(message.ephemeral)
    if (message.type === 'connection') show(message.connection)
    if (message.type === 'resync') void beginning.untilDone()
    if (message.type === 'event' && ledger.take(message.event, message.cursor) === 'gap')
      void beginning.untilDone()
    if (message.type !== 'leading') return
    show(message.connection)
    if (ledger.behind(message.topics)) void beginning.untilDone()
    else if (!beginning.current()) ledger.settle()
  }
  function hear(message: TabMessage): void {
    const running = leading.running()
    if (!running) listen(message)
    else if (message.type === 'hello') leading.greet()
    else if (message.type === 'wake') running.wake()
  }
  const tabs = ports.openTabs(hear)
  const shared = {
    options,
    stopped: stopping.signal,
    ledger,
    beginning,
    session,
    awake,
    tabs,
    show,
  }
  const leading = createLeading({ ...shared, connection: () => connection })

  ledger.hold()
  try {
    if (from) ledger.restart(from.state, from.cursor)
    else await beginning.next()
  } catch (error) {
    tabs.close()
    throw error
  }
  // What was kept may be old: what others pass on waits until it is clear what it follows on.
  if (from) ledger.hold()
  tabs.tell({ type: 'hello' })
  void leading.again()
  return {
    leads: () => leading.running() !== undefined,
    cursor: () => (ledger.waits() ? undefined : (leading.running()?.cursor() ?? ledger.cursor())),
    wake() {
      const running = leading.running()
      if (running) running.wake()
      else tabs.tell({ type: 'wake' })
    },
    freeze() {
      awake.shut()
      leading.running()?.close()
    },
    thaw() {
      awake.open()
      tabs.tell({ type: 'hello' })
    },
    renewed: session.open,
    stop() {
      stopping.abort()
      session.open()
      awake.open()
      tabs.close()
    },
  }
}
