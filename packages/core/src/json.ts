import type { Static, TSchema } from 'typebox'
import { Check } from 'typebox/value'

/** The value when the text is JSON of that shape, else undefined. */
export function parseJson<S extends TSchema>(text: string, schema: S): Static<S> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Check(schema, value) ? value : undefined
  } catch {
    return undefined
  }
}
