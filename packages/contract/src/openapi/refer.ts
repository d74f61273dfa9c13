import type { TSchema } from 'typebox'

export type Json = Record<string, unknown>

/** Schemas by the names under which readers find them. */
export type Named = Record<string, TSchema>

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/**
 * Replaces each schema that has a name by a reference to it, and keeps those that were referred to.
 * What is equal is the same: TypeBox copies schemas when it puts them into others.
 */
export function createReferrer(named: Named) {
  const names = new Map(
    Object.entries(named).map(([name, schema]) => [JSON.stringify(schema), name]),
  )
  const used: Json = {}

  function inside(schema: object): unknown {
    if (Array.isArray(schema)) return schema.map(refer)
    return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, refer(value)]))
  }

  function refer(value: unknown): unknown {
    if (!isObject(value)) return value
    const name = names.get(JSON.stringify(value))
    if (name === undefined) return inside(value)
    if (!(name in used)) {
      // Before its inside, or a schema that holds itself would never end.
      used[name] = {}
      used[name] = inside(value)
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  /** All that was referred to, by name. */
  const schemas = (): Json =>
    Object.fromEntries(Object.entries(used).toSorted(([one], [other]) => (one < other ? -1 : 1)))

  return { refer, schemas }
}

export type Refer = ReturnType<typeof createReferrer>['refer']
