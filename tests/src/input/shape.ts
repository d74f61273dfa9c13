import type { Endpoint } from '@parley/contract'
import { Value } from 'typebox/value'
import type { TObject, TSchema } from 'typebox'

/** What the tests read of a schema: JSON Schema, as it is printed. */
export interface Field {
  name: string
  required: boolean
  schema: TSchema
}

/** Whether a value has fields. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isSchema = (value: unknown): value is TSchema => isObject(value)

/** A keyword of a schema, or undefined. */
export const keyword = (schema: TSchema, name: string): unknown => Reflect.get(schema, name)

export const numberOf = (schema: TSchema, name: string): number | undefined => {
  const value = keyword(schema, name)
  return typeof value === 'number' ? value : undefined
}

export function fieldsOf(schema: TSchema | undefined): Field[] {
  const properties = schema && keyword(schema, 'properties')
  const required = schema && keyword(schema, 'required')
  if (!isObject(properties)) return []
  return Object.entries(properties).flatMap(([name, field]) =>
    isSchema(field)
      ? [{ name, required: Array.isArray(required) && required.includes(name), schema: field }]
      : [],
  )
}

/** Each form that a body may have: a union's parts, or the one there is. */
export function bodyForms({ body }: Endpoint): TSchema[] {
  if (!body) return []
  const parts = keyword(body, 'anyOf')
  return Array.isArray(parts) ? parts.filter(isSchema) : [body]
}

const texts = ['valid-name-1234', 'someone@example.org', 'ABCDEFGHIJKLMNOP', '1', '22:00']

/** The smallest value that a schema takes; a pattern that none of our texts fits needs one more here. */
export function smallest(schema: TSchema): unknown {
  const [first] = [keyword(schema, 'enum')].flat()
  if (first !== undefined) return first
  const constant = keyword(schema, 'const')
  if (constant !== undefined) return constant
  switch ([keyword(schema, 'type')].flat()[0]) {
    case 'integer':
    case 'number':
      return numberOf(schema, 'minimum') ?? 0
    case 'boolean':
      return true
    case 'array': {
      const items = keyword(schema, 'items')
      return isSchema(items) ? [smallest(items)] : []
    }
    case 'object':
      return Object.fromEntries(
        fieldsOf(schema)
          .filter(({ required }) => required)
          .map(({ name, schema }) => [name, smallest(schema)]),
      )
    default: {
      const [part] = [keyword(schema, 'anyOf')].flat()
      if (isSchema(part)) return smallest(part)
      const fitting = texts.find((text) => Value.Check(schema, text))
      if (fitting === undefined) throw new Error(`no text fits ${JSON.stringify(schema)}`)
      return fitting
    }
  }
}

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** Whether all text in a value can be stored. */
export function hasOnlyText(value: unknown): boolean {
  if (typeof value === 'string') return isText(value)
  return !isObject(value) || Object.entries(value).every((pair) => pair.every(hasOnlyText))
}

/** What a parameter's text stands for, read in another way than the server's: no Number(), no digits regex. */
function readText(schema: TSchema, text: string): unknown {
  switch ([keyword(schema, 'type')].flat()[0]) {
    case 'integer':
      return String(Number.parseInt(text, 10)) === text ? Number.parseInt(text, 10) : text
    case 'boolean':
      return ({ true: true, false: false } as Record<string, unknown>)[text] ?? text
    case 'array': {
      const items = keyword(schema, 'items')
      return text.split(',').map((part) => (isSchema(items) ? readText(items, part) : part))
    }
    default:
      return text
  }
}

/** Whether texts are good parameters: all known, each of its kind. */
export function fitsAsText(schema: TObject | undefined, pairs: [string, string][]): boolean {
  const fields = fieldsOf(schema)
  const values = pairs.map(([name, text]) => {
    const field = fields.find((field) => field.name === name)
    return [name, field ? readText(field.schema, text) : text] as const
  })
  const repeated = new Set(pairs.map(([name]) => name)).size < pairs.length
  if (repeated || !hasOnlyText(pairs)) return false
  const record = Object.fromEntries(values)
  return schema ? Value.Check(schema, record) : pairs.length === 0
}
