import { rm } from 'node:fs/promises'
import { type Found, type Rendition, fileName } from '../facts.ts'
import type { Pixels } from './image.ts'
import { sharp } from './sharp.ts'

type Name = Exclude<Rendition['name'], 'square'>

/** In pixels. A picture that has no more than that is not made larger. */
export const longSide: Readonly<Record<Name, number>> = { thumb: 360, large: 1280 }

/** Up to how many bytes a file that holds nothing but its picture is shown as it is. */
const light: Readonly<Record<Name, number>> = { thumb: 64 * 1024, large: 512 * 1024 }

/** The renditions that a picture needs, since its file itself will not do. */
export function wanted(file: { side: number; size: number; asIs: boolean }): Name[] {
  const willDo = (name: Name) =>
    file.asIs && file.side <= longSide[name] && file.size <= light[name]
  const names: Name[] = []
  if (!willDo('thumb')) names.push('thumb')
  if (file.side > longSide.thumb && !willDo('large')) names.push('large')
  return names
}

/** Each as WebP, and as AVIF where that is smaller. */
export async function makeRenditions(picture: Pixels, names: Name[]): Promise<Found['renditions']> {
  const all: Found['renditions'] = []
  for (const name of names) {
    const webp = await write(picture, name, 'image/webp')
    const avif = await write(picture, name, 'image/avif')
    all.push(webp.rendition)
    if (avif.size < webp.size) all.push(avif.rendition)
    else await rm(fileName(avif.rendition))
  }
  return all
}

/** In pixels: twice or three times what pages show, as screens have them. */
const squareSide = 128

/** The middle of a picture, a small one made larger. Always WebP: there is little to save. */
export async function makeSquare({
  data,
  info: raw,
}: Pixels): Promise<Found['renditions'][number]> {
  const rendition = { name: 'square', mime: 'image/webp' } as const
  const { width, height } = await sharp(data, { raw })
    .resize({ width: squareSide, height: squareSide, fit: 'cover' })
    .webp({ quality: 80, effort: 4 })
    .toFile(fileName(rendition))
  return { ...rendition, width, height }
}

/** sharp writes pixels only unless it is asked for more: nothing that the file told besides. */
async function write({ data, info: raw }: Pixels, name: Name, mime: Rendition['mime']) {
  const side = longSide[name]
  const sized = sharp(data, { raw }).resize({
    width: side,
    height: side,
    fit: 'inside',
    withoutEnlargement: true,
  })
  const coded =
    mime === 'image/webp'
      ? sized.webp({ quality: 78, effort: 4 })
      : // With more effort it takes three to ten times as long for another tenth.
        sized.avif({ quality: 50, effort: 1 })
  const { width, height, size } = await coded.toFile(fileName({ name, mime }))
  return { rendition: { name, mime, width, height }, size }
}
