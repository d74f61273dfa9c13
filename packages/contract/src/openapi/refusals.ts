import { type ErrorCode, errors } from '../errors.ts'
import type { Json } from './refer.ts'

/** `not_found` is NotFound. */
const title = (code: string): string =>
  code.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** Refusals of the same status and codes are one response, which all calls refer to. */
export function createRefusals() {
  const responses: Json = {}

  /** References by status. */
  function refer(codes: readonly ErrorCode[]): Json {
    const byStatus = Map.groupBy(new Set(codes), (code) => errors[code].status)
    return Object.fromEntries(
      [...byStatus].map(([status, same]) => {
        const name = same.map(title).join('Or')
        responses[name] = {
          description: same.map((code) => `\`${code}\`: ${errors[code].detail}`).join('\n\n'),
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        }
        return [String(status), { $ref: `#/components/responses/${name}` }]
      }),
    )
  }

  return { refer, responses }
}

export type Refusals = ReturnType<typeof createRefusals>
