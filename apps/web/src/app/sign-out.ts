import { useRouter } from 'vue-router'
import { useSession } from '../auth/session.ts'
import { useLive } from '../live/live.ts'
import { forgetPlace } from './last-place.ts'

/** Ends the session here and in the other tabs, then tells the server. */
export function useSignOut(): () => Promise<void> {
  const live = useLive()
  const session = useSession()
  const router = useRouter()
  return async () => {
    live.stop(true)
    forgetPlace()
    const told = session.signOut()
    await router.replace({ name: 'signin' })
    await told.catch(() => undefined)
  }
}
