import Type, { type Static } from 'typebox'

/** A smaller picture of a file, without what its maker's camera wrote into it. */
const rendition = {
  /**
   * `thumb`: 360 pixels on its long side at most; `large`: 1,280. `square`, which is made when it is asked
   * for: the middle, 128 by 128.
   */
  name: Type.Union([Type.Literal('thumb'), Type.Literal('large'), Type.Literal('square')]),
  mime: Type.Union([Type.Literal('image/webp'), Type.Literal('image/avif')]),
  width: Type.Integer({ minimum: 1, maximum: 1280 }),
  height: Type.Integer({ minimum: 1, maximum: 1280 }),
}

const whole = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })
const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const known = {
  /** In pixels, as the file is shown: after turning it the way its camera was held. */
  width: orNull(whole),
  height: orNull(whole),
  /** Blurha.sh's code of a picture, to show before it is there. */
  blur_hash: orNull(Type.String({ minLength: 6, maxLength: 100 })),
  duration_ms: orNull(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  /** The first lines of a text or of a PDF’s first page: 8 of them and 600 characters at most. */
  text_preview: orNull(Type.String({ maxLength: 600 })),
}

/**
 * Why nothing is known of a file: too large to decode within the limits, broken or not what its
 * type says, not done in time, or of a type that nothing is made of. It stays a file as any other.
 */
const failure = Type.Union([
  Type.Literal('too_large'),
  Type.Literal('broken'),
  Type.Literal('timed_out'),
  Type.Literal('unsupported'),
])

/** What the child may say: its parent believes nothing else. */
export const Answer = Type.Union([
  Type.Object({ facts: Type.Object({ ...known, renditions: Type.Array(Type.Object(rendition)) }) }),
  Type.Object({ failure }),
])
export type Answer = Static<typeof Answer>
export type Found = Extract<Answer, { facts: unknown }>['facts']
export type Failure = Static<typeof failure>

export interface Rendition extends Static<Type.TObject<typeof rendition>> {
  path: string
  /** In bytes. */
  size: number
}

export interface Facts extends Static<Type.TObject<typeof known>> {
  renditions: Rendition[]
}

export const nothing: Found = {
  width: null,
  height: null,
  blur_hash: null,
  duration_ms: null,
  text_preview: null,
  renditions: [],
}

export const fileName = ({ name, mime }: Pick<Rendition, 'name' | 'mime'>): string =>
  `${name}.${mime === 'image/avif' ? 'avif' : 'webp'}`
