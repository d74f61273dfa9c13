import { encode } from 'blurhash'
import type { Pixels } from './image.ts'
import { sharp } from './sharp.ts'

/** Of 32 pixels, because no more of a picture shows in twelve waves; see-through parts turn grey. */
export async function blurHash({ data, info: raw }: Pixels): Promise<string> {
  const small = await sharp(data, { raw })
    .resize({ width: 32, height: 32, fit: 'inside' })
    .flatten({ background: '#808080' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height } = small.info
  const [across, down] = width >= height ? [4, 3] : [3, 4]
  return encode(new Uint8ClampedArray(small.data), width, height, across, down)
}
