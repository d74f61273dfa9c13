import type { Endpoint, EventStream } from '../endpoint.ts'
import { Problem } from '../errors.ts'
import { operation, streamOperation } from './operation.ts'
import { type Json, type Named, createReferrer } from './refer.ts'
import { createRefusals } from './refusals.ts'

/** What the document describes. */
export interface Api {
  endpoints: Record<string, Endpoint>
  streams: Record<string, EventStream>
  schemas: Named
  /** What readers find under each tag. */
  tags: Record<string, string>
}

export interface Place {
  version: string
  /** Where the API is. */
  url: string
  /** Where the event stream is, without its path. */
  eventsUrl: string
}

const introduction = `JSON over HTTP, and what happens as server-sent events.

Ids are positive integers below 2^53. Times are RFC 3339 in UTC with milliseconds. Unknown fields are errors, and so are limits beyond their maximum. Every refusal is a problem (RFC 9457) whose \`code\` is stable.`

/** The OpenAPI 3.1 document of the API. */
export function openapi(api: Api, { version, url, eventsUrl }: Place): Json {
  const { refer, schemas } = createReferrer({ ...api.schemas, Problem })
  const refusals = createRefusals()
  refer(Problem)
  const paths: Record<string, Json> = {}
  for (const [name, endpoint] of Object.entries(api.endpoints)) {
    const path = endpoint.path.replace(/:([a-z_]+)/g, '{$1}')
    const method = endpoint.method.toLowerCase()
    paths[path] = { ...paths[path], [method]: operation(name, endpoint, refer, refusals) }
  }
  for (const [name, stream] of Object.entries(api.streams)) {
    const get = streamOperation(name, stream, refer, refusals)
    paths[stream.path] = { servers: [{ url: eventsUrl }], get }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version,
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    tags: Object.entries(api.tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: schemas(),
      responses: refusals.responses,
      securitySchemes: {
        access_token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'From sign-up, sign-in or refresh; good for ten minutes.',
        },
        ticket: {
          type: 'apiKey',
          in: 'query',
          name: 'ticket',
          description:
            'For an EventSource, which can send no header: good once, within 30 seconds.',
        },
      },
    },
  }
}
