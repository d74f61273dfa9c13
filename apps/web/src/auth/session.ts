import type { Me } from '@parley/contract'
import { ParleyError } from '@parley/sdk'
import { reactive } from 'vue'
import { client } from '../app/client.ts'
import { forgetEverything } from './forget.ts'
import { mark } from './session-mark.ts'

type Told = { type: 'signed_out' } | { type: 'ended' } | { type: 'began'; userId: number }

/** All tabs of the browser: they share the session's cookie. */
const tabs = new BroadcastChannel('parley.session')
const asks = new Set<() => boolean | Promise<boolean>>()
const renewals = new Set<() => void>()
const leaves = new Set<() => void | Promise<void>>()
/** The server has confirmed the session to this page. */
let confirmed = false
/** Asked for before anybody waits for it. */
let asked: Promise<void> | undefined
let leaving = false

/** How long the server, and those who clean up, may take before the page goes anyway, in milliseconds. */
const mostMs = 1_000
const within = (work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work.catch(() => undefined), new Promise((done) => setTimeout(done, mostMs))])

/** A new page has nothing in its memory of whoever was here. */
async function leave(to: string): Promise<void> {
  leaving = true
  mark.clear()
  mark.disown()
  await within(Promise.all([...leaves].map(async (listener) => listener())))
  await within(forgetEverything())
  location.replace(to)
}

const session = reactive({
  /** Who is signed in, as far as this browser knows. */
  me: mark.read(),
  /** The session ended while the page was open: one signs in over it. */
  expired: false,

  /** Asks the server whether the session still is. Throws NetworkError; 401 ends it. */
  async confirm(): Promise<void> {
    const early = asked
    asked = undefined
    if (early) return early
    const { user } = await client.refresh({ body: {} })
    await session.began(user)
  },
  /** Asks ahead of the first `confirm`, which has the answer sooner. */
  ask(): void {
    const early = session.confirm()
    asked = early
    early.catch(() => undefined)
  },

  async began(user: Me): Promise<void> {
    if (session.me !== undefined && session.me.id !== user.id) {
      // Somebody else's session: nothing of what the page holds is theirs.
      await leave('/')
      mark.set(user)
      return
    }
    if (![undefined, user.id].includes(mark.owner())) await within(forgetEverything())
    mark.set(user)
    session.me = user
    confirmed = true
    if (session.expired) tabs.postMessage({ type: 'began', userId: user.id } satisfies Told)
    session.expired = false
    for (const renewed of renewals) renewed()
  },

  /**
   * Signs out in all tabs, unless one of those who were asked says no, and goes to the sign-in page.
   * Nothing private stays in the browser.
   */
  async signOut(): Promise<void> {
    for (const ask of asks) if (!(await ask())) return
    leaving = true
    tabs.postMessage({ type: 'signed_out' } satisfies Told)
    await within(client.signOut())
    await leave('/signin')
  },

  /** Erases the account, for good, and leaves nothing of it in the browser. Throws what the call throws. */
  async erase(body: { password?: string }): Promise<void> {
    leaving = true
    try {
      await client.eraseMe({ body })
    } catch (error) {
      leaving = false
      throw error
    }
    tabs.postMessage({ type: 'signed_out' } satisfies Told)
    await leave('/signin')
  },

  /** The session is over, whoever ended it. */
  ended(): void {
    if (leaving || session.me === undefined) return
    if (confirmed) session.expired = true
    else {
      // What was written and not sent waits for the same person.
      leaving = true
      mark.clear()
      location.replace(`/signin?to=${encodeURIComponent(location.pathname + location.search)}`)
    }
  },

  /** Called when the server has confirmed the session. Returns what ends it. */
  onRenewed(listener: () => void): () => void {
    renewals.add(listener)
    return () => renewals.delete(listener)
  },
  /** Asked before signing out, as when something was not sent; false stops it. Returns what ends it. */
  beforeSignOut(ask: () => boolean | Promise<boolean>): () => void {
    asks.add(ask)
    return () => asks.delete(ask)
  },
  /** Called when one signs out, here or in another tab: remove what you keep. Returns what ends it. */
  onSignOut(listener: () => void | Promise<void>): () => void {
    leaves.add(listener)
    return () => leaves.delete(listener)
  },
})

client.onEnd(() => {
  if (!leaving && session.me !== undefined) tabs.postMessage({ type: 'ended' } satisfies Told)
  session.ended()
})
tabs.addEventListener('message', ({ data }: MessageEvent<Told>) => {
  if (session.me === undefined) return
  if (data.type === 'signed_out') void leave('/signin')
  else if (data.type === 'ended') void session.confirm().catch(refused)
  else if (data.userId === session.me.id) void session.confirm().catch(refused)
  else void leave('/')
})
// A page out of the browser's memory may be of a session that ended meanwhile.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && session.me !== undefined && mark.read() === undefined) void leave('/signin')
})

function refused(error: unknown): void {
  if (error instanceof ParleyError && error.status === 401) session.ended()
}

/** Who is signed in. */
export const useSession = (): typeof session => session
