import { deflateSync } from 'node:zlib'
import { box, fullBox, gif, joined, jpeg, png, u16be, u16le, u32be, u32le, webp } from './bytes.ts'
import { type Canary, type Hostile, file } from './hostile.ts'
import { page } from './markup.ts'

const shown = (type: string) => ({ shown: `image/${type}` })

/** Headers that claim more pixels than a machine has room for; some of them keep their word. */
function bombs(): Hostile[] {
  const entry = (tag: number, value: number) => [tag, 4].map(u16le).concat([1, value].map(u32le))
  const tiff = joined(
    'II*\0\x08\0\0\0',
    u16le(3),
    ...[256, 257, 259].flatMap((tag) => entry(tag, 60_000)),
  )
  const avif = joined(
    box('ftyp', 'avif\0\0\0\0avifmif1'),
    fullBox(
      'meta',
      fullBox('hdlr', '\0\0\0\0pict', '\0'.repeat(13)),
      box('iprp', box('ipco', fullBox('ispe', u32be(60_000), u32be(60_000)))),
    ),
  )
  return [
    file('bomb.png', 'image/png', png(50_000, 50_000, { rows: 20 }), shown('png')),
    file('bomb-whole.png', 'image/png', png(7_000, 7_000), shown('png')),
    file('bomb.jpg', 'image/jpeg', jpeg(65_500, 65_500, [], 1000), shown('jpeg')),
    file('bomb-whole.jpg', 'image/jpeg', jpeg(9_000, 9_000), shown('jpeg')),
    file('bomb.gif', 'image/gif', gif(65_535, 65_535), shown('gif')),
    file('bomb.webp', 'image/webp', webp(16_383, 16_383), shown('webp')),
    file('bomb.avif', 'image/avif', avif, shown('avif')),
    file(
      'bomb.bmp',
      'image/bmp',
      joined(
        'BM',
        u32le(99),
        u32le(0),
        u32le(54),
        ...[40, 60_000, 60_000].map(u32le),
        u16le(1),
        u16le(24),
        '\0'.repeat(24),
      ),
    ),
    file('bomb.tiff', 'image/tiff', tiff),
    file(
      'bomb.psd',
      'image/vnd.adobe.photoshop',
      joined(
        '8BPS\0\x01',
        '\0'.repeat(6),
        '\0\x03',
        u32be(30_000),
        u32be(30_000),
        '\0\x08\0\x03',
        '\0'.repeat(64),
      ),
    ),
    file('frames.gif', 'image/gif', gif(300, 200, 10_000), shown('gif')),
  ]
}

/** Pictures that end too soon, or hold what is none. */
function broken(): Hostile[] {
  const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2)
  return [
    file('half.png', 'image/png', half(png(300, 200)), shown('png')),
    file('half.jpg', 'image/jpeg', half(jpeg(300, 200)), shown('jpeg')),
    file('half.gif', 'image/gif', half(gif(300, 200, 50)), shown('gif')),
    file('half.webp', 'image/webp', half(webp(300, 200)), shown('webp')),
    file('head.png', 'image/png', png(9, 9).subarray(0, 30), shown('png')),
    file(
      'noise.jpg',
      'image/jpeg',
      joined('\xff\xd8\xff\xe0', Buffer.alloc(5000, '\xff\xd9\x00\xd8', 'latin1')),
      shown('jpeg'),
    ),
    file(
      'sum.png',
      'image/png',
      joined(png(90, 60).subarray(0, -16), '\0'.repeat(16)),
      shown('png'),
    ),
  ]
}

/** Pictures whose notes are the payload: in what is shown of them nothing of it may act or grow. */
function talkative(canary: Canary): Hostile[] {
  const html = page(canary)
  const text = joined('\0\0\0\0', Buffer.from(html))
  const exif = joined(
    'Exif\0\0II*\0\x08\0\0\0',
    u16le(1),
    u16le(0x010e),
    u16le(2),
    u32le(html.length),
    u32le(26),
    u32le(0),
    Buffer.from(html),
  )
  const xmp = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/">${html}</x:xmpmeta>`
  const parts: [string, Buffer][] = Array.from({ length: 40 }, (_, n) => [
    '\xe2',
    joined('ICC_PROFILE\0', u16be((n + 1) * 256 + 40), Buffer.alloc(65_000, n)),
  ])
  const large = deflateSync(Buffer.alloc(7_000_000, 32))
  return [
    file('exif.jpg', 'image/jpeg', jpeg(300, 200, [['\xe1', exif]]), shown('jpeg')),
    file('xmp.jpg', 'image/jpeg', jpeg(300, 200, [['\xe1', xmp]]), shown('jpeg')),
    file('profile.jpg', 'image/jpeg', jpeg(300, 200, parts), shown('jpeg')),
    file(
      'itxt.png',
      'image/png',
      png(300, 200, { chunks: [['iTXt', joined('XML:com.adobe.xmp\0', text)]] }),
      shown('png'),
    ),
    file(
      'exif.png',
      'image/png',
      png(300, 200, { chunks: [['eXIf', exif.subarray(6)]] }),
      shown('png'),
    ),
    file(
      'profile.png',
      'image/png',
      png(300, 200, { chunks: [['iCCP', joined('x\0\0', large)]] }),
      shown('png'),
    ),
    file(
      'comments.png',
      'image/png',
      png(300, 200, {
        chunks: Array.from({ length: 60 }, () => ['zTXt', joined('Comment\0\0', large)]),
      }),
      shown('png'),
    ),
  ]
}

export const pictures = (canary: Canary): Hostile[] => [
  ...bombs(),
  ...broken(),
  ...talkative(canary),
]
