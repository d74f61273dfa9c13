import {
  type Endpoint,
  type Endpoints,
  endpoints,
  ephemerals,
  events,
  signals,
} from '@parley/contract'
import type { Plugin } from 'vite'

const id = '\0parley-contract'
/** Named by the module above for whoever takes one of it; those who do not need not load it. */
export const rareId = `${id}/rare`
const keys = (record: object): Record<string, true> =>
  Object.fromEntries(Object.keys(record).map((key) => [key, true]))

/** Of what few pages call, and those rarely. */
const rareTags = ['Security', 'Administration'] as const
type RareTag = (typeof rareTags)[number]
/** And what only a page of its own calls, or nobody here. */
const rareCalls = [
  'signUp',
  'getMe',
  'getWorkspace',
  'revokeInvite',
  'getMessage',
  'createTicket',
] as const
const isRare = (name: string, { tag }: Endpoint): boolean =>
  rareTags.some((rare) => rare === tag) || rareCalls.some((rare) => rare === name)

/** The calls that are no methods of the page's client: `client.call(listSessions)` in their place. */
export type RareCall =
  | (typeof rareCalls)[number]
  | { [K in keyof Endpoints]: Endpoints[K]['tag'] extends RareTag ? K : never }[keyof Endpoints]

/** What a call is made by; the schemas and the sentences for readers of the API stay out of the page. */
function outline(endpoint: Endpoint): object {
  const { method, path, auth, body, form, session } = endpoint
  return {
    method,
    path,
    ...(auth === 'none' && { auth }),
    ...(body && { body: {} }),
    ...(form && { form }),
    ...(session && { session }),
  }
}

/**
 * The contract as the browser needs it: names, methods, paths, which calls take no token, a body or a form.
 * What the servers check by stays out, and what is rarely called comes with the part that calls it.
 */
export function contractNames(): Plugin {
  const calls = Object.entries<Endpoint>(endpoints)
  const often = calls.filter(([name, endpoint]) => !isRare(name, endpoint))
  const rare = calls.filter(([name, endpoint]) => isRare(name, endpoint))
  const outlines = Object.fromEntries(often.map(([name, one]) => [name, outline(one)]))
  const modules = new Map([
    [
      id,
      [
        `export const endpoints = ${JSON.stringify(outlines)}`,
        `export const ephemerals = ${JSON.stringify(keys(ephemerals))}`,
        `export const events = ${JSON.stringify(keys(events))}`,
        `export const signals = ${JSON.stringify(keys(signals))}`,
        `export { ${rare.map(([name]) => name).join(', ')} } from '${rareId}'`,
      ].join('\n'),
    ],
    [
      rareId,
      rare
        .map(([name, one]) => `export const ${name} = ${JSON.stringify(outline(one))}`)
        .join('\n'),
    ],
  ])
  return {
    name: 'parley-contract',
    enforce: 'pre',
    resolveId(source) {
      if (source === '@parley/contract') return { id, moduleSideEffects: false }
      return source === rareId ? { id: rareId, moduleSideEffects: false } : undefined
    },
    load: (source) => modules.get(source),
  }
}
