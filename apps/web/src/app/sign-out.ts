import { useSession } from '../auth/session.ts'

/** Ends the session in all tabs of the browser. */
export const useSignOut = (): (() => Promise<void>) => useSession().signOut
