import { createCaller } from '@parley/sdk'

/**
 * The one session of the page: the access token is in its memory only, the refresh token a cookie.
 * The stream, which the sign-in page does without, is opened from its `source`.
 */
export const client = createCaller({ url: location.origin })
