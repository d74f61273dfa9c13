import type { TObject, TSchema } from 'typebox'
import type { Endpoint } from './endpoint.ts'
import { codesOf } from './endpoint.ts'
import { type ErrorCode, Problem, errors } from './errors.ts'

type Json = Record<string, unknown>

function parameters(place: 'path' | 'query', schema: TObject | undefined): Json[] {
  const required: readonly string[] = schema?.required ?? []
  const properties: Record<string, TSchema> = schema?.properties ?? {}
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
    // A list is written with commas.
    ...(place === 'query' && 'items' in property ? { style: 'form', explode: false } : {}),
  }))
}

const content = (type: string, schema: TSchema | Json): Json => ({ [type]: { schema } })

function responses(endpoint: Endpoint): Json {
  const refusals = new Map<number, ErrorCode[]>()
  for (const code of codesOf(endpoint)) {
    refusals.set(errors[code].status, [...(refusals.get(errors[code].status) ?? []), code])
  }
  return {
    ...Object.fromEntries(
      Object.entries(endpoint.replies).map(([status, schema]) => [
        status,
        {
          description: endpoint.summary,
          ...(status === '204' ? {} : { content: content('application/json', schema) }),
        },
      ]),
    ),
    ...Object.fromEntries(
      [...refusals].map(([status, list]) => [
        String(status),
        {
          description: list.map((code) => `\`${code}\`: ${errors[code].detail}`).join('\n\n'),
          content: content('application/problem+json', { $ref: '#/components/schemas/Problem' }),
        },
      ]),
    ),
  }
}

function operation(name: string, endpoint: Endpoint): Json {
  return {
    operationId: name,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    security: endpoint.auth === 'access' ? [{ access_token: [] }] : [],
    parameters: [...parameters('path', endpoint.params), ...parameters('query', endpoint.query)],
    ...(endpoint.body
      ? {
          requestBody: {
            required: true,
            content: content('application/json', endpoint.body),
          },
        }
      : {}),
    responses: responses(endpoint),
  }
}

/** The OpenAPI 3.1 document of a set of endpoints. */
export function openapi(
  endpoints: Record<string, Endpoint>,
  version: string,
  serverUrl: string,
): Json {
  const paths: Record<string, Json> = {}
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const path = endpoint.path.replace(/:([a-z_]+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(name, endpoint) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Parley', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: {
        access_token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  }
}
