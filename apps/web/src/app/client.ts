import { createClient } from '@parley/sdk'

/** The one client of the page: the access token is in its memory only, the refresh token a cookie. */
export const client = createClient({ url: location.origin })
