import { readFile } from 'node:fs/promises'
import { decode } from 'blurhash'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import type { Facts } from './facts.ts'
import { createMedia } from './media.ts'
import { emptyFolder, upload } from './testing/folder.ts'
import {
  animation,
  containers,
  corners,
  noise,
  picture,
  secrets,
  seen,
  snapshot,
  types,
} from './testing/pictures.ts'

const media = createMedia({ timeMs: 20_000 })
afterAll(() => media.close())

async function factsOf(bytes: Uint8Array, mime: string): Promise<Facts> {
  const inspected = await media.inspect(await upload(bytes, mime))
  if ('failure' in inspected) throw new Error(`Nothing was made of it: ${inspected.failure}.`)
  return inspected.facts
}

/** What a file says besides its picture. */
async function told(path: string): Promise<unknown[]> {
  const bytes = await readFile(path)
  return [...secrets, ...containers].filter((text) => bytes.includes(text))
}

describe('a picture has its size, its renditions and a blur hash', () => {
  test.for(types)('%s', async (type) => {
    const facts = await factsOf(await picture(type, 2000, 1000), `image/${type}`)
    expect(facts).toMatchObject({
      width: 2000,
      height: 1000,
      duration_ms: null,
      text_preview: null,
    })
    expect(facts.renditions.map(({ name, width, height }) => [name, width, height])).toEqual(
      expect.arrayContaining([
        ['thumb', 360, 180],
        ['large', 1280, 640],
      ]),
    )
    for (const { path, mime, size } of facts.renditions) {
      const bytes = await readFile(path)
      expect(bytes.length).toBe(size)
      expect(`image/${(await sharp(bytes).metadata()).format}`).toBe(
        mime.replace('image/avif', 'image/heif'),
      )
      expect((await seen(path)).corners).toEqual(corners)
    }
    const blurred = decode(facts.blur_hash ?? '', 8, 8)
    const [red = 0, green = 0] = blurred
    expect(red).toBeGreaterThan(green + 50)
  })
})

describe('FI-08: whatever way a camera was held, a rendition is upright and tells no place', () => {
  const held = types
    .filter((type) => type !== 'gif' && type !== 'avif')
    .flatMap((type) => [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [type, orientation] as const))
  test.for(held)('%s, orientation %i', async ([type, orientation]) => {
    const bytes = await snapshot(type, orientation)
    expect(secrets.map((secret) => bytes.includes(secret))).toEqual([true, true, true])
    expect((await sharp(bytes).metadata()).orientation).toBe(orientation)
    const facts = await factsOf(bytes, `image/${type}`)
    expect([facts.width, facts.height]).toEqual([800, 600])
    expect(facts.renditions.length).toBeGreaterThanOrEqual(2)
    for (const { path, name } of facts.renditions) {
      expect(await told(path)).toEqual([])
      expect(await seen(path)).toEqual({
        size: name === 'thumb' ? [360, 270] : [800, 600],
        corners,
      })
    }
  })
})

test('FI-08: an AVIF file with a place in it has renditions without', async () => {
  const facts = await factsOf(await snapshot('avif', 1), 'image/avif')
  expect(facts.renditions.length).toBeGreaterThanOrEqual(2)
  for (const { path } of facts.renditions) {
    expect(await told(path)).toEqual([])
  }
})

describe('a small picture is its own rendition', () => {
  test('both sizes where it is no larger than a thumb', async () => {
    expect((await factsOf(await picture('png', 300, 200), 'image/png')).renditions).toEqual([])
  })

  test('the large one where it is no larger than that', async () => {
    const { renditions } = await factsOf(await picture('png', 1280, 900), 'image/png')
    expect(new Set(renditions.map(({ name }) => name))).toEqual(new Set(['thumb']))
  })

  test('but not if it takes many bytes', async () => {
    const { renditions } = await factsOf(await noise(340, 300).png().toBuffer(), 'image/png')
    expect(renditions.map(({ width, height }) => [width, height])).toContainEqual([340, 300])
  })

  test('FI-08: nor if it tells where it was taken', async () => {
    const bytes = await sharp(await snapshot('jpeg', 1))
      .resize(120, 90)
      .keepMetadata()
      .toBuffer()
    const { renditions } = await factsOf(bytes, 'image/jpeg')
    expect(renditions.map(({ name, width, height }) => [name, width, height])).toContainEqual([
      'thumb',
      120,
      90,
    ])
  })
})

test.for(['gif', 'webp'] as const)(
  'an animated %s has its first frame as rendition',
  async (type) => {
    const facts = await factsOf(await animation(type, 5), `image/${type}`)
    expect(facts).toMatchObject({ width: 400, height: 300 })
    const thumb = facts.renditions.find(({ mime }) => mime === 'image/webp')
    const stats = await sharp(thumb?.path).stats()
    expect(Math.round((stats.channels[0]?.mean ?? 0) / 10)).toBe(2)
    expect((await sharp(thumb?.path).metadata()).pages ?? 1).toBe(1)
  },
)

describe('kinds of pixels', () => {
  test('a see-through picture stays so', async () => {
    const bytes = await sharp({
      create: {
        width: 500,
        height: 500,
        channels: 4,
        background: { r: 255, g: 0, b: 0, alpha: 0 },
      },
    })
      .png()
      .toBuffer()
    const [thumb] = (await factsOf(bytes, 'image/png')).renditions
    expect((await sharp(thumb?.path).stats()).isOpaque).toBe(false)
  })

  test.for([
    ['CMYK', () => noise(500, 400).toColourspace('cmyk').jpeg()],
    ['grey', () => noise(500, 400).toColourspace('b-w').png()],
    ['16 bits', () => noise(500, 400).toColourspace('rgb16').png()],
    ['a palette', () => noise(500, 400).png({ palette: true, colours: 4 })],
    ['progressive', () => noise(500, 400).jpeg({ progressive: true })],
    ['one pixel wide', () => noise(1, 3000).png()],
    ['one pixel', () => noise(1, 1).png()],
  ] as const)('%s', async ([, make]) => {
    const { data, info } = await make().toBuffer({ resolveWithObject: true })
    const facts = await factsOf(data, `image/${info.format}`)
    expect([facts.width, facts.height]).toEqual([info.width, info.height])
    expect(facts.blur_hash).toMatch(/^.{6,}$/)
  })
})

describe('the square that stands for a person', () => {
  const square = async (bytes: Uint8Array, mime: string) =>
    media.inspect({ ...(await upload(bytes, mime)), only: 'square' })

  test.for(types)(
    'is the middle of a picture, of 128 pixels, and nothing else: %s',
    async (type) => {
      const made = await square(await picture(type, 900, 300), `image/${type}`)
      if ('failure' in made) throw new Error(made.failure)
      const [one, ...others] = made.facts.renditions
      expect(others).toEqual([])
      expect(one).toMatchObject({ name: 'square', mime: 'image/webp', width: 128, height: 128 })
      expect(await seen(one?.path ?? '')).toEqual({ size: [128, 128], corners })
    },
  )

  test('FI-08: is upright and tells no place, of a small picture too', async () => {
    const small = await sharp(await snapshot('jpeg', 6))
      .resize(60, 80)
      .keepMetadata()
      .toBuffer()
    const made = await square(small, 'image/jpeg')
    if ('failure' in made) throw new Error(made.failure)
    const path = made.facts.renditions[0]?.path ?? ''
    expect(await told(path)).toEqual([])
    expect(await seen(path)).toEqual({ size: [128, 128], corners })
  })

  test('is made of pictures only', async () => {
    expect(await square(Buffer.from('a text'), 'text/plain')).toEqual({ failure: 'unsupported' })
    expect(await square(Buffer.from('<svg/>'), 'image/svg+xml')).toEqual({ failure: 'unsupported' })
    expect(await square(Buffer.from('a text'), 'image/png')).toEqual({ failure: 'broken' })
  })
})

test('renditions replace those that were there', async () => {
  const into = await emptyFolder()
  const first = await upload(await picture('png', 2000, 1000), 'image/png')
  const second = await upload(await picture('png', 1000, 2000), 'image/png')
  await media.inspect({ ...first, into })
  await media.inspect({ ...second, into })
  expect((await seen(`${into}/thumb.webp`)).size).toEqual([180, 360])
})
