import sharp, { type Sharp } from 'sharp'

type Colour = readonly [number, number, number]

const red: Colour = [250, 10, 10]
const green: Colour = [10, 250, 10]
const blue: Colour = [10, 10, 250]
const white: Colour = [250, 250, 250]
/** Of a picture that is the right way up, from the left above to the right below. */
export const corners: readonly Colour[] = [red, green, blue, white]

export const types = ['png', 'jpeg', 'gif', 'webp', 'avif'] as const
export type Type = (typeof types)[number]

/** Where each of EXIF's orientations keeps the corner that is shown at a place: its rows and columns. */
const stored: Record<number, readonly number[]> = {
  1: [0, 1, 2, 3],
  2: [1, 0, 3, 2],
  3: [3, 2, 1, 0],
  4: [2, 3, 0, 1],
  5: [0, 2, 1, 3],
  6: [1, 3, 0, 2],
  7: [3, 1, 2, 0],
  8: [2, 0, 3, 1],
}

function quarters(width: number, height: number, colours: readonly Colour[]): Sharp {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const corner = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)
      data.set(colours[corner] ?? white, (y * width + x) * 3)
    }
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** A picture of four colours, one for each corner. */
export const picture = (type: Type, width = 800, height = 600): Promise<Buffer> =>
  quarters(width, height, corners).toFormat(type, { effort: 1 }).toBuffer()

/** What a snapshot holds: with what it was taken, by whom, and 59 degrees as EXIF writes them. */
export const secrets = ['SecretCamera', 'Secret Author', Buffer.from('3b00000001000000', 'hex')]
/** The names of what such things stand in. */
export const containers = ['Exif', 'EXIF', 'xmp', 'XMP', 'rdf']

/** 800 by 600 as it is shown, but stored as a camera held that way stores it, with its place. */
export function snapshot(type: Type, orientation: number): Promise<Buffer> {
  const [width, height] = orientation >= 5 ? [600, 800] : [800, 600]
  const colours = (stored[orientation] ?? []).map((corner) => corners[corner] ?? white)
  return quarters(width, height, colours)
    .withExif({
      IFD0: { Make: 'SecretCamera', Artist: 'Secret Author' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '59/1 20/1 3/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '18/1 4/1 7/1',
      },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf>Secret Author</rdf></x:xmpmeta>')
    .withMetadata({ orientation })
    .toFormat(type, { effort: 1 })
    .toBuffer()
}

/** A picture's size and the colours in its corners, each channel to the nearest of 0 and 255. */
export async function seen(path: string): Promise<{ size: number[]; corners: number[][] }> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (right: number, down: number) => {
    const x = Math.floor(info.width * right)
    const y = Math.floor(info.height * down)
    const start = (y * info.width + x) * info.channels
    return [...data.subarray(start, start + 3)].map((value) => (value > 127 ? 250 : 10))
  }
  return {
    size: [info.width, info.height],
    corners: [at(0.2, 0.2), at(0.8, 0.2), at(0.2, 0.8), at(0.8, 0.8)],
  }
}

/** Of noise, like a photograph that compresses badly. */
export function noise(width: number, height: number): Sharp {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
}

/** Frames of one picture each, one second long. */
export async function animation(type: 'gif' | 'webp', frames: number): Promise<Buffer> {
  const data = Buffer.alloc(400 * 300 * 3 * frames)
  for (let frame = 0; frame < frames; frame++)
    data.fill(20 + frame * 40, 400 * 300 * 3 * frame, 400 * 300 * 3 * (frame + 1))
  return sharp(data, { raw: { width: 400, height: 300 * frames, channels: 3, pageHeight: 300 } })
    .toFormat(type, { delay: 1000, loop: 0 })
    .toBuffer()
}
