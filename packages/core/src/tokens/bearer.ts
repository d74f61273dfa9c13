/**
 * The token of an Authorization header (RFC 6750), or undefined where there is none or more than one.
 * `rawHeaders` is Node's flat list of names and values: it still shows a header that came twice.
 */
export function bearer(rawHeaders: readonly string[]): string | undefined {
  const values = rawHeaders.filter(
    (_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'authorization',
  )
  const [only] = values
  return values.length === 1 ? /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(only ?? '')?.[1] : undefined
}
