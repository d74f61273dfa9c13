import type { Event } from '@parley/contract'
import { onScopeDispose } from 'vue'
import { useSession } from '../auth/session.ts'
import { useLive } from '../live/live.ts'
import { useDnd } from '../presence/dnd.ts'
import { play } from './play.ts'
import { createRecency } from './recency.ts'
import { meantFor, worthTelling } from './rule.ts'
import { sounds } from './sounds.ts'
import { openSpeaker } from './speaker.ts'
import { isViewed } from './viewed.ts'

/** Sounds come no faster than this, in milliseconds; what comes meanwhile has none. */
const leastMs = 2_000

/** Lets what is meant for the person be heard, in one window of the browser. */
export function useSounds(): void {
  const live = useLive()
  const session = useSession()
  const dnd = useDnd()
  const isRecent = createRecency()
  const speaker = openSpeaker(session.me?.id ?? 0)
  let last = -Infinity

  async function consider(event: Event, me: number): Promise<void> {
    const chat = event.kind === 'NewMessage' ? live.chat(event.message.chat_id) : undefined
    const message = worthTelling(event, { me, chat, viewed: false, dnd: dnd.active() })
    const kind = chat && message && meantFor(message, chat, me)
    if (!kind || !sounds.value.includes(kind) || (await isViewed(me, chat.id))) return
    if (performance.now() - last < leastMs) return
    last = performance.now()
    await play(kind)
    last = performance.now()
  }
  const end = live.onEvents((events) => {
    const now = Date.now()
    const recent = events.filter(({ at }) => isRecent(at, now))
    const me = session.me?.id
    // Before it is live, it is what was missed.
    if (me === undefined || live.connection.state !== 'live' || !speaker.isHere()) return
    for (const event of recent) void consider(event, me).catch(() => undefined)
  })
  onScopeDispose(() => {
    end()
    speaker.close()
  })
}
