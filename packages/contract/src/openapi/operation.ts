import type { TObject, TSchema } from 'typebox'
import { type Endpoint, type EventStream, codesOf } from '../endpoint.ts'
import type { Json, Refer } from './refer.ts'
import type { Refusals } from './refusals.ts'

function parameters(place: 'path' | 'query' | 'header', schema: TObject | undefined): Json[] {
  const required: readonly string[] = schema?.required ?? []
  const properties: Record<string, TSchema> = schema?.properties ?? {}
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema }: Json = { ...property }
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
      // A list is written with commas.
      ...('items' in schema ? { style: 'form', explode: false } : {}),
    }
  })
}

const withContent = (type: string, schema: unknown): Json => ({ content: { [type]: { schema } } })

const bodyType = ({ form }: Endpoint): string =>
  form === true ? 'multipart/form-data' : 'application/json'

const replyTitles: Record<string, string> = { 200: 'Done', 201: 'Made', 204: 'Done; no content' }

function replies(endpoint: Endpoint, refer: Refer): Json {
  const bodies = Object.fromEntries(
    Object.entries(endpoint.replies).map(([status, schema]) => [
      status,
      {
        description: replyTitles[status] ?? 'Done',
        ...(status === '204' ? {} : withContent('application/json', refer(schema))),
      },
    ]),
  )
  return endpoint.redirects === true
    ? {
        ...bodies,
        302: { description: 'Where it is, to whoever does not accept application/json' },
      }
    : bodies
}

/** A call of the API. */
export function operation(
  name: string,
  endpoint: Endpoint,
  refer: Refer,
  refusals: Refusals,
): Json {
  const { params, query, body } = endpoint
  return {
    operationId: name,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    security: endpoint.auth === 'none' ? [] : [{ access_token: [] }],
    parameters: [...parameters('path', params), ...parameters('query', query)],
    ...(body
      ? { requestBody: { required: true, ...withContent(bodyType(endpoint), refer(body)) } }
      : {}),
    responses: { ...replies(endpoint, refer), ...refusals.refer(codesOf(endpoint)) },
  }
}

/** The event stream: OpenAPI 3.1 knows it as text, so its events are told in words and references. */
export function streamOperation(
  name: string,
  stream: EventStream,
  refer: Refer,
  refusals: Refusals,
): Json {
  // Whether they are referred to from anywhere else or not, readers find them.
  for (const schema of Object.values(stream.events)) refer(schema)
  const kinds = Object.keys(stream.events).map((kind) => `- \`${kind}\``)
  return {
    operationId: name,
    summary: stream.summary,
    description: `${stream.description}\n\n${kinds.join('\n')}`,
    tags: [stream.tag],
    security: [{ access_token: [] }, { ticket: [] }],
    parameters: [...parameters('header', stream.headers), ...parameters('query', stream.query)],
    responses: {
      200: {
        description: 'The stream, until either side ends it',
        content: {
          'text/event-stream': { schema: { type: 'string' }, example: stream.example },
        },
      },
      ...refusals.refer(stream.errors),
    },
  }
}
