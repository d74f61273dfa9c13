import { watch } from 'vue'
import { useSession } from '../auth/session.ts'
import { useDnd } from './dnd.ts'
import { usePresence } from './presences.ts'

/** Keeps Do not disturb as it is for the account, wherever it was set. */
export function followDnd(): void {
  const session = useSession()
  const dnd = useDnd()
  const mine = usePresence(() => session.me?.id)
  watch(
    mine,
    (now) => {
      if (now !== undefined && (now === 'dnd') !== dnd.active())
        void dnd.ask().catch(() => undefined)
    },
    { immediate: true },
  )
}
