import { createCaller } from '@parley/sdk'

const key = 'parley.events_url'

/**
 * The one session of the page: the access token is in its memory only, the refresh token a cookie.
 * The stream, which the sign-in page does without, is opened from its `source`.
 */
export const client = createCaller({
  url: location.origin,
  // A page that opens again need not ask.
  eventsPlace: {
    read: () => localStorage.getItem(key) ?? undefined,
    write: (url) => localStorage.setItem(key, url),
  },
})
