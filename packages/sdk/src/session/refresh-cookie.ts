const name = /^(?:__Host-)?parley_rt=([^;]*)/

/**
 * The refresh token that an answer sets, where the platform shows it: browsers keep it to
 * themselves. Undefined where it sets none, null where it takes it away.
 */
export function refreshTokenIn(headers: Headers): string | null | undefined {
  for (const cookie of headers.getSetCookie?.() ?? []) {
    const value = name.exec(cookie)?.[1]
    if (value !== undefined) return value === '' || /;\s*max-age=0/i.test(cookie) ? null : value
  }
  return undefined
}

/** Whether the platform keeps cookies by itself: then the refresh token is its business. */
export const platformKeepsCookies = (): boolean =>
  'document' in globalThis || 'WorkerGlobalScope' in globalThis
