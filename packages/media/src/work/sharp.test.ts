import raw from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { otherTypes } from '../testing/bombs.ts'
import { emptyFolder } from '../testing/folder.ts'
import { noise, picture, types } from '../testing/pictures.ts'

/** Made before loaders are blocked: that is for a whole process. */
let tiff: Buffer
let good: Buffer[]
let before: string | undefined
let sharp: typeof raw
beforeAll(async () => {
  tiff = await noise(50, 50).tiff().toBuffer()
  good = await Promise.all(types.map((type) => picture(type, 30, 20)))
  before = (await raw(otherTypes['SVG']).metadata()).format
  ;({ sharp } = await import('./sharp.ts'))
})

async function open(bytes: Uint8Array | undefined): Promise<unknown> {
  const path = join(await emptyFolder(), 'blob')
  await writeFile(path, bytes ?? '')
  return sharp(path).metadata()
}

describe('FI-04: libvips opens five types', () => {
  test('those', async () => {
    for (const bytes of good) expect(await open(bytes)).toHaveProperty('width', 30)
  })

  test.for([...Object.keys(otherTypes), 'TIFF'])('not %s', async (name) => {
    await expect(open(name === 'TIFF' ? tiff : otherTypes[name])).rejects.toThrow(
      'unsupported image format',
    )
  })

  test('that it would open more is why they are blocked', () => {
    expect(before).toBe('svg')
  })

  test('nothing that is no file', async () => {
    await expect(sharp(good[0]).metadata()).rejects.toThrow('unsupported image format')
  })
})
