import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { headLength, isShown, sniff } from './sniff.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

test.for([
  ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\0\0\0\0', 'image/png'],
  ['\xff\xd8\xff\xe0\0\x10JFIF\0', 'image/jpeg'],
  ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
  ['\0\0\0\x1cftypavif\0\0\0\0avif', 'image/avif'],
  ['\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'video/mp4'],
  ['OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead', 'audio/ogg'],
  ['%PDF-1.7\n', 'application/pdf'],
  ['plain', 'text/plain'],
  ['\x1b[31mred', 'text/plain'],
  ['\xef\xbb\xbfwith a mark', 'text/plain'],
  ['  <!-- --><html>', 'text/html'],
  ['<SVG xmlns="x">', 'image/svg+xml'],
  ['<?xml version="1.0"?><a/>', 'application/xml'],
  ['a\0b', 'application/octet-stream'],
  ['\xff\xfe\xfd', 'application/octet-stream'],
  ['', 'application/octet-stream'],
  ['%!PS-Adobe-3.0 EPSF-3.0\n', 'application/eps'],
  ['8BPS\0\x01', 'image/vnd.adobe.photoshop'],
] as const)('FI-02: %j is %s', async ([text, type]) => {
  expect(await sniff(bytes(text))).toBe(type)
})

test('FI-02: a text that is cut in the middle of a character is a text', async () => {
  const head = Buffer.from('é'.repeat(headLength)).subarray(0, headLength - 1)
  const long = Buffer.concat([Buffer.from('x'), head])
  expect(await sniff(long.subarray(0, headLength))).toBe('text/plain')
})

test('FI-04: whatever the bytes are, they have a type, and none of these is markup that is shown', async () => {
  const magic = fc.constantFrom(
    '',
    'GIF89a',
    '\x89PNG\r\n\x1a\n',
    'PK\x03\x04',
    'RIFF',
    '<svg',
    'II*\0',
  )
  await fc.assert(
    fc.asyncProperty(magic, fc.uint8Array({ maxLength: 600 }), async (begin, rest) => {
      const type = await sniff(Buffer.concat([bytes(begin), rest]))
      expect(type).toMatch(/^[\w.+-]+\/[\w.+-]+$/)
      expect(isShown(type) && /html|xml|svg|pdf|javascript/.test(type)).toBe(false)
    }),
    { numRuns: 300 },
  )
})

/** A ZIP archive whose first entry says what is in the document, and is 200 MB long once it is unpacked. */
function bomb(): Buffer {
  const name = bytes('[Content_Types].xml')
  const packed = deflateRawSync(Buffer.alloc(200 << 20), { level: 9 })
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(packed.length, 18)
  header.writeUInt32LE(200 << 20, 22)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, name, packed])
}

test('FI-05: an archive is not unpacked', async () => {
  const head = bomb().subarray(0, headLength)
  const cpu = process.cpuUsage()
  const { heapUsed, external } = process.memoryUsage()
  await sniff(head)
  const { user, system } = process.cpuUsage(cpu)
  const after = process.memoryUsage()
  expect((user + system) / 1000).toBeLessThan(250)
  expect(after.heapUsed + after.external - heapUsed - external).toBeLessThan(32 << 20)
})
