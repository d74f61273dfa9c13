/** Longer ones are nobody's place, and would not fit the cookie. */
const longest = 512

/** The path of ours that a text names; undefined where it leads to another site, or anywhere else. */
export function placeIn(text: unknown, publicUrl: string): string | undefined {
  if (typeof text !== 'string' || !ours.test(text)) return undefined
  const url = URL.parse(text, publicUrl)
  if (url?.origin !== new URL(publicUrl).origin) return undefined
  const path = url.pathname + url.search + url.hash
  // What a browser makes of it may have become another site's.
  return ours.test(path) && path.length <= longest ? path : undefined
}

const ours = /^\/(?![/\\])/

/** The code of the invite that a path of ours is the page of. */
export function inviteIn(path: string): string | undefined {
  const [, code] = /^\/i\/([\w-]{1,64})$/.exec(path) ?? []
  return code
}
