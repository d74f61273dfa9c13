import { endpoints, ephemerals, events, signals } from '@parley/contract'
import type { Plugin } from 'vite'

const id = '\0parley-contract'
const keys = (record: object): Record<string, true> =>
  Object.fromEntries(Object.keys(record).map((key) => [key, true]))

/**
 * The contract as the browser needs it: names, methods, paths, which calls take no token, a body or a form.
 * The schemas beside them, which the servers check by, and the sentences for readers of the API stay out of the page.
 */
export function contractNames(): Plugin {
  const calls = Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => {
      const { method, path } = endpoint
      const auth = endpoint.auth === 'none' && { auth: endpoint.auth }
      const body = 'body' in endpoint && { body: {} }
      const form = 'form' in endpoint && { form: endpoint.form }
      return [name, { method, path, ...auth, ...body, ...form }]
    }),
  )
  return {
    name: 'parley-contract',
    enforce: 'pre',
    resolveId: (source) => (source === '@parley/contract' ? id : undefined),
    load: (source) =>
      source === id
        ? [
            `export const endpoints = ${JSON.stringify(calls)}`,
            `export const ephemerals = ${JSON.stringify(keys(ephemerals))}`,
            `export const events = ${JSON.stringify(keys(events))}`,
            `export const signals = ${JSON.stringify(keys(signals))}`,
          ].join('\n')
        : undefined,
  }
}
