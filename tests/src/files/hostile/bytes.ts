import { crc32, deflateRawSync, deflateSync } from 'node:zlib'

const number = (size: number, write: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.alloc(size)
  write(bytes)
  return bytes
}
export const u16le = (value: number): Buffer => number(2, (bytes) => bytes.writeUInt16LE(value))
export const u32le = (value: number): Buffer => number(4, (bytes) => bytes.writeUInt32LE(value))
export const u16be = (value: number): Buffer => number(2, (bytes) => bytes.writeUInt16BE(value))
export const u32be = (value: number): Buffer => number(4, (bytes) => bytes.writeUInt32BE(value))

/** Bytes of all parts, one after the other; text as Latin 1, so that each character is a byte. */
export const joined = (...parts: (Buffer | string)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  )

export interface Entry {
  name: string
  bytes: Buffer | string
  /** As Unix keeps it: 0o120777 is a link. */
  mode?: number
}

/** An archive as PKWARE’s APPNOTE 6.3 has it, each entry deflated. */
export function zip(...entries: Entry[]): Buffer {
  const files: Buffer[] = []
  const index: Buffer[] = []
  let at = 0
  for (const { name, bytes, mode = 0o100_644 } of entries) {
    const [title, raw] = [Buffer.from(name), Buffer.from(bytes)]
    const packed = deflateRawSync(raw, { level: 9 })
    const common = joined(
      ...[20, 0, 8, 0, 0].map(u16le),
      ...[crc32(raw), packed.length, raw.length].map(u32le),
      u16le(title.length),
      u16le(0),
    )
    const record = joined('PK\x03\x04', common, title, packed)
    index.push(
      joined('PK\x01\x02', u16le(0x0314), common, u16le(0), u16le(0), u16le(0)),
      joined(u32le(mode * 65_536), u32le(at), title),
    )
    files.push(record)
    at += record.length
  }
  const list = Buffer.concat(index)
  const count = u16le(entries.length)
  const end = joined('PK\x05\x06', u32le(0), count, count, u32le(list.length), u32le(at), u16le(0))
  return Buffer.concat([...files, list, end])
}

const pngChunk = (type: string, data: Buffer | string): Buffer => {
  const body = joined(type, data)
  return joined(u32be(body.length - 4), body, u32be(crc32(body)))
}

/** A picture of so many grey pixels, with further chunks, and `rows` of its pixels really there. */
export function png(
  width: number,
  height: number,
  { chunks = [], rows = height }: { chunks?: [string, Buffer | string][]; rows?: number } = {},
): Buffer {
  const pixels = Buffer.alloc((width + 1) * rows)
  return joined(
    '\x89PNG\r\n\x1a\n',
    pngChunk('IHDR', joined(u32be(width), u32be(height), '\x08\0\0\0\0')),
    ...chunks.map(([type, data]) => pngChunk(type, data)),
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', ''),
  )
}

const segment = (marker: string, data: Buffer | string): Buffer => {
  const body = joined(data)
  return joined('\xff', marker, u16be(body.length + 2), body)
}

/**
 * A grey picture (ITU-T T.81): one bit for “as bright as the block before”, one for “no detail”, so that
 * any size is whole with next to nothing. Segments are markers and what they hold.
 */
export function jpeg(
  width: number,
  height: number,
  segments: [string, Buffer | string][] = [],
  blocks = Math.ceil(width / 8) * Math.ceil(height / 8),
): Buffer {
  // One code of one bit, for the symbol 0.
  const code = `\x01${'\0'.repeat(15)}\0`
  return joined(
    '\xff\xd8',
    ...segments.map(([marker, data]) => segment(marker, data)),
    segment('\xdb', `\0${'\x01'.repeat(64)}`),
    segment('\xc0', joined('\x08', u16be(height), u16be(width), '\x01\x01\x11\0')),
    segment('\xc4', `\x00${code}`),
    segment('\xc4', `\x10${code}`),
    segment('\xda', '\x01\x01\0\0\x3f\0'),
    Buffer.alloc(Math.ceil(blocks / 4)),
    '\xff\xd9',
  )
}

/** So many frames of one pixel on a screen of that size (GIF89a), with what a comment says. */
export function gif(width: number, height: number, frames = 1, comment = ''): Buffer {
  const frame = '\x21\xf9\x04\0\x02\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0'
  const said = comment.match(/[^]{1,255}/g) ?? []
  return joined(
    'GIF89a',
    u16le(width),
    u16le(height),
    '\x80\0\0\0\0\0\xff\xff\xff',
    ...(comment === ''
      ? []
      : ['\x21\xfe', ...said.map((text) => String.fromCharCode(text.length) + text), '\0']),
    frame.repeat(frames),
    ';',
  )
}

/** One colour without a loss (RFC 9649, 3.8): any size is whole in 34 bytes. */
export function webp(width: number, height: number): Buffer {
  // No transform, no cache, no groups; then five codes, each of one symbol, 0.
  const bits = `${'0'.repeat(3)}${'1000'.repeat(5)}`
  const value = BigInt(width - 1) | (BigInt(height - 1) << 14n)
  let all = value
  for (const [at, bit] of bits.split('').entries()) if (bit === '1') all |= 1n << BigInt(32 + at)
  const data = Buffer.alloc(8)
  data.writeBigUInt64LE(all)
  const body = joined('\x2f', data, '\0')
  const chunk = joined('VP8L', u32le(body.length), body)
  return joined('RIFF', u32le(4 + chunk.length), 'WEBP', chunk)
}

/** A box of an MP4 or AVIF file (ISO/IEC 14496-12, 4.2), and one with version and flags. */
export const box = (type: string, ...parts: (Buffer | string)[]): Buffer => {
  const body = joined(type, ...parts)
  return joined(u32be(body.length + 4), body)
}
export const fullBox = (type: string, ...parts: (Buffer | string)[]): Buffer =>
  box(type, '\0\0\0\0', ...parts)
