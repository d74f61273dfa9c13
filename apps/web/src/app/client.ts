import { type Caller, createCaller } from '@parley/sdk'
import type { RareCall } from '../../contract-names.ts'

const key = 'parley.events_url'
const factorPath = '/settings/second-factor'

/**
 * What trades the session's cookie is done by one tab at a time: another one would bring the cookie
 * that the first is just trading in. Without TLS there are no locks, and the server's grace must do.
 */
const inTurn: typeof fetch = (url, init) => {
  const go = () => fetch(url, init)
  return init?.credentials === 'include' && 'locks' in navigator
    ? navigator.locks.request('parley.cookie', init.signal ? { signal: init.signal } : {}, go)
    : go()
}

/**
 * The one session of the page: the access token is in its memory only, the refresh token a cookie.
 * The stream, which the sign-in page does without, is opened from its `source`.
 * What is rarely called is no method: `client.call(listSessions)`.
 */
export const client: Omit<Caller, RareCall> = createCaller({
  url: location.origin,
  fetch: inTurn,
  // Whoever has to set up a second factor is led there, whatever they asked for.
  onRefused(code) {
    if (code === 'second_factor_due' && location.pathname !== factorPath)
      location.replace(
        `${factorPath}?to=${encodeURIComponent(location.pathname + location.search)}`,
      )
  },
  // A page that opens again need not ask.
  eventsPlace: {
    read: () => localStorage.getItem(key) ?? undefined,
    write: (url) => localStorage.setItem(key, url),
  },
})
