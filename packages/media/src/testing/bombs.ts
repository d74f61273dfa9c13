import { crc32, deflateSync, gzipSync } from 'node:zlib'

function chunk(type: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A PNG file whose header claims that size, with `data` for its pixels. */
export function png(
  width: number,
  height: number,
  data: Uint8Array,
  { interlaced = false, before = [] }: { interlaced?: boolean; before?: Buffer[] } = {},
): Buffer {
  const header = Buffer.concat([
    word(width),
    word(height),
    Buffer.from([8, 2, 0, 0, interlaced ? 1 : 0]),
  ])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', deflateSync(data)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Black, and a thousandth of its pixels' bytes. Interlaced, it has to be in memory as a whole. */
export const blackPng = (width: number, height: number): Buffer =>
  // Each of the seven passes has rows of its own, and each row a byte for its filter.
  png(width, height, Buffer.alloc(width * height * 3 + height * 4), { interlaced: true })

/** A pixel, and so many comments of 7 megabytes each, in 7 kilobytes each. */
export function talkativePng(comments: number): Buffer {
  const text = Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(7_000_000, 32))])
  const before = Array.from({ length: comments }, () => chunk('zTXt', text))
  return png(1, 1, Buffer.alloc(4), { before })
}

/** So many frames on a screen of that size, of one pixel each unless they claim to be larger. */
export function gif(frames: number, side: number, frameSide = 1): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1')
  screen.writeUInt16LE(side, 6)
  screen.writeUInt16LE(side, 8)
  const frame = Buffer.from(
    '\x21\xf9\x04\0\x01\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0',
    'latin1',
  )
  frame.writeUInt16LE(frameSide, 13)
  frame.writeUInt16LE(frameSide, 15)
  return Buffer.concat([screen, ...Array.from({ length: frames }, () => frame), Buffer.from(';')])
}

/** Both a GIF header and a program in JavaScript. */
export const gifAndScript = Buffer.from('GIF89a/*\0\0\0*/=1;alert(document.domain);//', 'latin1')

/** Types that libvips could open and must not, as files that it would recognise. */
export const otherTypes: Readonly<Record<string, Buffer>> = {
  SVG: Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500">' +
      '<image href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg>',
  ),
  EPS: Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 500 500\nshowpage\n'),
  PDF: Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n',
  ),
  PSD: Buffer.concat([
    Buffer.from('8BPS\0\x01\0\0\0\0\0\0\0\x03', 'latin1'),
    word(500),
    word(500),
    Buffer.from([0, 8, 0, 3]),
    Buffer.alloc(4000),
  ]),
  PPM: Buffer.from(`P3 2 2 255 ${'255 0 0 '.repeat(4)}`),
  HTML: Buffer.from('<!doctype html><script>alert(1)</script>'),
}

/** Ten megabytes of nothing in ten kilobytes. */
export const gzipBomb = gzipSync(Buffer.alloc(10_000_000))

/** An archive whose one entry claims to lie outside, as `zip`, `docx` and others are built. */
export function zip(name: string): Buffer {
  const data = deflateSync(Buffer.alloc(10_000_000)).subarray(2, -4)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(data.length, 18)
  header.writeUInt32LE(10_000_000, 22)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, Buffer.from(name, 'latin1'), data])
}
