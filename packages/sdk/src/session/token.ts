const claimsOf = (token: string): unknown => {
  const part = token.split('.')[1]
  if (part === undefined) return undefined
  try {
    return JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return undefined
  }
}

const numberIn = (claims: unknown, name: string): number | undefined => {
  if (typeof claims !== 'object' || claims === null) return undefined
  const value: unknown = Reflect.get(claims, name)
  return typeof value === 'number' ? value : undefined
}

/**
 * When a token just received ends by our own clock, in milliseconds since 1970: its life counts
 * from now, so a clock that is wrong here does no harm. Infinity where the token does not tell.
 */
export function endOf(token: string, now = Date.now()): number {
  const claims = claimsOf(token)
  const exp = numberIn(claims, 'exp')
  const iat = numberIn(claims, 'iat')
  if (exp === undefined) return Infinity
  return iat === undefined ? exp * 1000 : now + (exp - iat) * 1000
}
