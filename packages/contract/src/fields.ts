import Type, { type Static, type TProperties, type TSchema } from 'typebox'

/** An object that takes no unknown fields. */
export const object = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

/** A scalar or null, in the form that serialises fastest: a list of types, not a union of schemas. */
export const nullable = <S extends TSchema>(schema: S) =>
  Type.Unsafe<Static<S> | null>(
    'enum' in schema
      ? { ...schema, enum: [schema.enum, null].flat() }
      : { ...schema, type: ['type' in schema ? schema.type : 'string', 'null'] },
  )

/** A positive integer below 2^53: a plain JSON number that sorts by time. */
export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/**
 * The file that is somebody's picture or a workspace's icon; null where there is none. Events that were
 * logged before there were any lack it, and count as if they said so.
 */
export const PictureId = Type.Unsafe<number | null>({ ...nullable(Id), default: null })

/** A place in a topic's order; the first event has 1. */
export const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** RFC 3339 in UTC with milliseconds. */
export const Time = Type.String({ description: 'RFC 3339, UTC, milliseconds' })

/** A time that is asked for, in UTC, to the millisecond at most. */
export const AskedTime = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$',
  description: 'RFC 3339, UTC: 2026-11-26T09:30:00Z',
})

/** What a page holds at the most: 1 to 100, 50 unless said. */
export const Limit = Type.Integer({ minimum: 1, maximum: 100, default: 50 })

/** A name in one line: 1 to 64 characters, none of them a control, no blanks at the ends. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\s\\p{Cc}](?:[^\\p{Cc}\\n\\r]*[^\\s\\p{Cc}])?$',
})

/** Letters, digits, dots, hyphens and underscores of any script, so that `@username` has an end. */
export const Username = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: '^[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}._-]*$',
})

export const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@\\p{Cc}]+@[^\\s@\\p{Cc}]+$',
})

/** What a 204 carries. */
export const Nothing = Type.Null()

export const byId = object({ id: Id })
