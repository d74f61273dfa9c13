import { onScopeDispose, watch } from 'vue'
import { client } from '../app/client.ts'
import { useLive } from '../live/live.ts'
import { watchAway } from './away.ts'

/** Tells the server when nobody sits at this browser. */
export function useAway(): void {
  const live = useLive()
  const { again, end } = watchAway({
    leads: live.leads,
    tell: (away) => client.setMyPresence({ body: { away } }),
  })
  watch(
    // Each time anew: another connection may lead to a server that does not know.
    () => live.connection,
    ({ state }) => {
      if (state === 'live') again()
    },
  )
  onScopeDispose(end)
}
