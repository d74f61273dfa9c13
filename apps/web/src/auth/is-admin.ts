import { computed } from 'vue'
import { useSession } from './session.ts'
import { useLive } from '../live/live.ts'

/** Whether who is signed in administers the instance; it may change while a page is open. */
export function useIsAdmin() {
  const live = useLive()
  const session = useSession()
  return computed(() => live.state?.me.is_admin ?? session.me?.is_admin ?? false)
}
