import '../styles/main.css'
import { destination } from '../auth/destination.ts'
import { forgetEverything } from '../auth/forget.ts'
import { mark } from '../auth/session-mark.ts'
import { useSession } from '../auth/session.ts'
import { openCache } from '../live/cache.ts'
import { showLocale, wantedLocale } from '../words/words.ts'
import { takeSetupToken } from './setup-token.ts'
import { start } from './start.ts'

/** Where somebody signs in who is not; the invite's page is for everybody. */
const isDoor = (path: string): boolean => ['/signin', '/signup', '/reset'].includes(path)
const isInvite = (path: string): boolean => path.startsWith('/i/')

const session = useSession()
const signedIn = session.me !== undefined
if (session.me && !isInvite(location.pathname)) {
  // Both take a while, which the program's loading may overlap.
  void openCache(session.me.id)
  session.ask()
}
await showLocale(wantedLocale()).catch(() => undefined)
takeSetupToken()
const { pathname, search, hash } = location
// What a page could not remove as it went.
if (!signedIn && mark.owner() === undefined) void forgetEverything()
if (signedIn && isDoor(pathname) && pathname !== '/reset') {
  const query = Object.fromEntries(new URLSearchParams(search))
  history.replaceState(null, '', destination(query))
}
if (!signedIn && !isDoor(pathname) && !isInvite(pathname)) {
  const to = pathname === '/' ? '' : `?to=${encodeURIComponent(pathname + search + hash)}`
  history.replaceState(null, '', `/signin${to}`)
}
// Two programs: whoever signs in need not wait for what comes after.
if (isDoor(location.pathname) || isInvite(location.pathname))
  (await import('../auth/door.ts')).openDoor()
else await start()
