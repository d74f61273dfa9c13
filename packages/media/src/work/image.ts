import { stat } from 'node:fs/promises'
import type { Metadata } from 'sharp'
import { type Found, nothing } from '../facts.ts'
import { pictures } from '../kinds.ts'
import { blurHash } from './blur-hash.ts'
import { liesOnSide, upright } from './orientation.ts'
import { longSide, makeRenditions, makeSquare, wanted } from './renditions.ts'
import { sharp } from './sharp.ts'
import { Unfit } from './unfit.ts'

/** A picture decoded: at most as large as the largest rendition, and the right way up. */
export interface Pixels {
  data: Buffer
  info: { width: number; height: number; channels: 1 | 2 | 3 | 4 }
}

/**
 * Size, blur hash and renditions of a picture; the latter in the folder that the process works in.
 * Nothing is decoded before its header was found to be within `pixels`, and of an animation only the
 * first frame.
 */
export async function lookAtImage(path: string, mime: string, pixels: number): Promise<Found> {
  const [metadata, { size }] = await Promise.all([readHeader(path, mime, pixels), stat(path)])
  const { width, height, orientation = 1 } = metadata
  const animated = (metadata.pages ?? 1) > 1
  const names = wanted({ side: Math.max(width, height), size, asIs: !animated && bare(metadata) })
  const picture = await decode(path, pixels, orientation)
  const turned = liesOnSide(orientation)
  return {
    ...nothing,
    width: turned ? height : width,
    height: turned ? width : height,
    blur_hash: await blurHash(picture),
    renditions: await makeRenditions(picture, names),
  }
}

/** The middle of a picture, as it stands for a person. */
export async function cutSquare(path: string, mime: string, pixels: number): Promise<Found> {
  const { orientation = 1 } = await readHeader(path, mime, pixels)
  const square = await makeSquare(await decode(path, pixels, orientation))
  return { ...nothing, width: square.width, height: square.height, renditions: [square] }
}

/** What a picture's header tells. Throws what it is not opened for. */
async function readHeader(path: string, mime: string, pixels: number): Promise<Metadata> {
  const metadata = await sharp(path, { limitInputPixels: false, failOn: 'error' }).metadata()
  if (metadata.format !== pictures[mime]) throw new Unfit('broken')
  if (metadata.format === 'heif' && metadata.compression !== 'av1') throw new Unfit('unsupported')
  if (metadata.width * metadata.height > pixels) throw new Unfit('too_large')
  return metadata
}

/** Whether a file holds nothing but the picture: no place, camera, author, nor a way to turn it. */
const bare = ({ exif, xmp, iptc, comments, orientation = 1 }: Metadata): boolean =>
  orientation === 1 && !exif && !xmp && !iptc && !comments?.length

/**
 * From the file straight to the largest size, then turned: turned first, a picture would have to be
 * in memory as a whole.
 */
async function decode(path: string, pixels: number, orientation: number): Promise<Pixels> {
  const small = await sharp(path, {
    limitInputPixels: pixels,
    failOn: 'error',
    sequentialRead: true,
  })
    .resize({
      width: longSide.large,
      height: longSide.large,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (orientation === 1) return small
  return upright(sharp(small.data, { raw: small.info }), orientation)
    .raw()
    .toBuffer({ resolveWithObject: true })
}
