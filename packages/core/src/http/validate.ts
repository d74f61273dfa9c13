import type { Static, TObject, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Issue, refuse } from './problem.ts'
import { isText } from './text.ts'

/** A list of issues longer than this helps nobody. */
const mostIssues = 20
/** Nor does a longer path: the names of unknown fields are the client's. */
const longestPath = 200

/** Compiles a schema to a check that returns the value with its type or refuses the request. */
export function validator<S extends TSchema>(
  schema: S,
  place: string,
): (value: unknown) => Static<S> {
  const compiled = Compile(schema)
  return (value) => {
    if (compiled.Check(value)) return value
    const issues: Issue[] = compiled
      .Errors(value)
      // Unknown fields are reported one by one, as a schema that is false at their place.
      .filter(({ keyword }) => keyword !== 'additionalProperties')
      .map(({ keyword, instancePath, message }) => ({
        path: `${place}${instancePath}`.slice(0, longestPath).toWellFormed(),
        code: keyword === 'boolean' ? 'unknownField' : keyword,
        message: keyword === 'boolean' ? 'is not a known field' : message,
      }))
    return refuse('invalid_request', { issues: issues.slice(0, mostIssues) })
  }
}

/**
 * The same for a path's parameters or a query string, where everything arrives as text: integers are
 * digits without sign, point, exponent or leading zero; booleans are true or false; lists are
 * written with commas. Anything else stays text and fails the check.
 */
export function textValidator<S extends TObject>(
  schema: S,
  place: string,
): (value: unknown) => Static<S> {
  const validate = validator(schema, place)
  const properties: Record<string, TSchema> = schema.properties
  return (value) => {
    const pairs = Object.entries(value ?? {}).map(([name, text]) => {
      if (typeof text === 'string' && !isText(text)) refuse('invalid_text')
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined
      return [name, property && typeof text === 'string' ? fromText(property, text) : text] as const
    })
    // Not by assignment: the name may be `__proto__`.
    const read: Record<string, unknown> = Object.fromEntries(pairs)
    return validate(read)
  }
}

function fromText(schema: TSchema, text: string): unknown {
  switch ('type' in schema ? schema.type : undefined) {
    case 'integer':
      return /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : text
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text
    case 'array':
      return text.split(',').map((part) => fromText(itemsOf(schema), part))
    default:
      return text
  }
}

const isSchema = (value: unknown): value is TSchema => typeof value === 'object' && value !== null

const itemsOf = (schema: TSchema): TSchema =>
  'items' in schema && isSchema(schema.items) ? schema.items : {}
