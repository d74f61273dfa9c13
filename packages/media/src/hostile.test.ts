import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type Inspected, createMedia } from './media.ts'
import { gif, gifAndScript, gzipBomb, otherTypes, png, zip } from './testing/bombs.ts'
import { upload } from './testing/folder.ts'
import { animation, noise, picture, types } from './testing/pictures.ts'
import { clip } from './testing/timed.ts'

const media = createMedia({ timeMs: 20_000 })
afterAll(() => media.close())

const inspect = async (bytes: Uint8Array, mime: string): Promise<Inspected> =>
  media.inspect(await upload(bytes, mime))

/** Something good right after: what came before has broken nothing. */
async function expectWell(): Promise<void> {
  expect(await inspect(await picture('png', 30, 20), 'image/png')).toMatchObject({
    facts: { width: 30, height: 20 },
  })
}

describe('FI-04: too many pixels are refused by the header alone', () => {
  test.for([
    ['a PNG file of 50,000 by 50,000', () => png(50_000, 50_000, Buffer.alloc(100)), 'image/png'],
    [
      'a PNG file of one row more than may be',
      () => png(40_000, 1001, Buffer.alloc(9)),
      'image/png',
    ],
    ['a GIF file of 65,535 by 65,535', () => gif(1, 65_535, 65_535), 'image/gif'],
  ] as const)('%s', async ([, make, mime]) => {
    expect(await inspect(make(), mime)).toEqual({ failure: 'too_large' })
    await expectWell()
  })
})

describe('FI-04: of an animation one frame is decoded', () => {
  test('a GIF file of 30,000 frames', async () => {
    const frames = gif(30_000, 2000)
    expect(await inspect(frames, 'image/gif')).toMatchObject({
      facts: { width: 2000, height: 2000 },
    })
  })

  test('a WebP file', async () => {
    expect(await inspect(await animation('webp', 200), 'image/webp')).toMatchObject({
      facts: { width: 400, height: 300 },
    })
  })

  test('an AVIF file that says it is a sequence and has no picture', async () => {
    const sequence = await clip('mp4')
    sequence.write('avis', 8, 'latin1')
    expect(await inspect(sequence, 'image/avif')).toEqual({ failure: 'broken' })
    await expectWell()
  })
})

describe('FI-04: a picture cut off at any tenth is broken', () => {
  test.for(types)('%s', async (type) => {
    const bytes = await noise(300, 200).toFormat(type).toBuffer()
    for (let tenths = 0; tenths < 10; tenths++)
      expect([
        tenths,
        await inspect(bytes.subarray(0, (bytes.length * tenths) / 10), `image/${type}`),
      ]).toEqual([tenths, { failure: 'broken' }])
    await expectWell()
  })
})

describe('FI-04: what is not of its type, or of none that is opened, is not opened', () => {
  const claimed = types.map((type) => `image/${type}`)
  test.for(Object.entries(otherTypes))('%s', async ([, bytes]) => {
    for (const mime of claimed) expect(await inspect(bytes, mime)).toEqual({ failure: 'broken' })
    await expectWell()
  })

  test('TIFF', async () => {
    const bytes = await noise(50, 50).tiff().toBuffer()
    for (const mime of claimed) expect(await inspect(bytes, mime)).toEqual({ failure: 'broken' })
  })

  test('a good picture of another type than was sniffed', async () => {
    for (const type of types)
      expect(
        await inspect(await picture(type), type === 'png' ? 'image/jpeg' : 'image/png'),
      ).toEqual({ failure: 'broken' })
  })

  test('a script with the header of a GIF file', async () => {
    expect(await inspect(gifAndScript, 'image/gif')).toEqual({ failure: 'broken' })
  })

  test.for([
    'image/svg+xml',
    'image/tiff',
    'image/vnd.adobe.photoshop',
    'image/heic',
    'application/postscript',
    'application/octet-stream',
    '',
    'constructor',
  ])('a file of the type “%s”', async (mime) => {
    expect(await inspect(await picture('png'), mime)).toEqual({ failure: 'unsupported' })
  })
})

describe('FI-05: an archive is never unpacked', () => {
  test.for([
    ['zip', () => zip('../../../../tmp/slipped'), 'application/zip'],
    [
      'docx',
      () => zip('word/document.xml'),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['gzip', () => gzipBomb, 'application/gzip'],
  ] as const)('%s', async ([, make, mime]) => {
    const file = await upload(make(), mime)
    expect(await media.inspect(file)).toEqual({ failure: 'unsupported' })
    for (const type of types)
      expect(await media.inspect({ ...file, mime: `image/${type}` })).toEqual({ failure: 'broken' })
    expect(await media.inspect({ ...file, mime: 'text/plain' })).toMatchObject({
      facts: { text_preview: null },
    })
    expect(await readdir(dirname(file.path))).toEqual(['blob'])
  })
})

describe('FI-04: any bytes have an answer', () => {
  const mimes = [...types.map((type) => `image/${type}`), 'video/mp4', 'video/webm', 'audio/mpeg']

  test.for(mimes)('nothing at all as %s', async (mime) => {
    expect(await inspect(Buffer.alloc(0), mime)).toEqual({ failure: 'broken' })
  })

  test('random ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 4000 }),
        fc.constantFrom(...mimes),
        async (bytes, mime) => {
          expect(await inspect(bytes, mime)).toEqual({ failure: 'broken' })
        },
      ),
      { numRuns: 50 },
    )
    await expectWell()
  })

  const originals: [string, () => Promise<Buffer>][] = [
    ...types.map((type): [string, () => Promise<Buffer>] => [
      `image/${type}`,
      () => noise(60, 40).toFormat(type).toBuffer(),
    ]),
    ['video/mp4', () => clip('mp4')],
    ['video/webm', () => clip('webm')],
  ]
  test.for(originals)('good ones of %s with some changed', async ([mime, make]) => {
    const good = await make()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        async (changes) => {
          const bytes = Buffer.from(good)
          for (const [at, value] of changes) bytes[at] = value
          expect(['facts', 'failure']).toContain(Object.keys(await inspect(bytes, mime))[0])
        },
      ),
      { numRuns: 40 },
    )
    await expectWell()
  })
})
