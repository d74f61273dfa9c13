import type { Endpoint } from '@parley/contract'

type Values = Readonly<Record<string, unknown>>

/** What one call sends, before its types are forgotten. */
export interface Parts {
  params?: Values
  query?: Values
  body?: unknown
}

const text = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

/** An empty, `.` or `..` segment would be another path, so it is an error here already. */
function segment(name: string, value: unknown): string {
  const written = text(value)
  if (written === undefined || written === '' || written === '.' || written === '..') {
    throw new TypeError(`The path parameter ${name} is missing or cannot stand in a path.`)
  }
  return encodeURIComponent(written)
}

function queryOf(query: Values): URLSearchParams {
  const written = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    const one = Array.isArray(value) ? value.map(text).join(',') : text(value)
    if (one === undefined) throw new TypeError(`The query parameter ${name} cannot be written.`)
    written.set(name, one)
  }
  return written
}

/** The address of a call. Lists in the query are joined with commas. Throws a TypeError. */
export function urlOf(base: string, endpoint: Pick<Endpoint, 'path'>, parts: Parts): string {
  const path = endpoint.path.replace(/:([a-z_]+)/g, (_, name: string) =>
    segment(name, parts.params?.[name]),
  )
  const query = queryOf(parts.query ?? {}).toString()
  return `${base.replace(/(?<!\/)\/+$/, '')}${path}${query === '' ? '' : `?${query}`}`
}
