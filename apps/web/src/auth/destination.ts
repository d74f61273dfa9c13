import { lastPlace } from '../app/last-place.ts'

type Query = Readonly<Record<string, unknown>>

/** The code of the invite that brought somebody to a page of ours. */
export const inviteIn = ({ invite }: Query): string | undefined =>
  typeof invite === 'string' && invite !== '' ? invite : undefined

/** Where to go after signing in: a path of ours that was asked for, or the last place, or the start. */
export function destination(query: Query): string {
  const { to } = query
  const invite = inviteIn(query)
  if (invite !== undefined) return `/i/${encodeURIComponent(invite)}`
  const ours = typeof to === 'string' && /^\/(?![/\\])/.test(to)
  return ours ? to : (lastPlace() ?? '/')
}
