import { afterAll, describe, expect, test } from 'vitest'
import { createMedia } from './media.ts'
import { upload } from './testing/folder.ts'
import { clip, flac, mp3, song, wav } from './testing/timed.ts'

const media = createMedia({ timeMs: 20_000 })
afterAll(() => media.close())

describe('a video has its duration and its size', () => {
  test.for([
    ['mp4', 'video/mp4'],
    ['mov', 'video/quicktime'],
    ['webm', 'video/webm'],
    ['mkv', 'video/x-matroska'],
  ] as const)('%s', async ([type, mime]) => {
    expect(await media.inspect(await upload(await clip(type), mime))).toEqual({
      facts: {
        width: 320,
        height: 240,
        duration_ms: 2500,
        blur_hash: null,
        text_preview: null,
        renditions: [],
      },
    })
  })

  test('as it is shown, where the camera was held upright', async () => {
    expect(await media.inspect(await upload(await clip('mp4', 90), 'video/mp4'))).toMatchObject({
      facts: { width: 240, height: 320 },
    })
  })
})

describe('audio has its duration', () => {
  test.for([
    ['wav', () => wav(3), 'audio/wav', 3000],
    ['mp3', () => mp3(100), 'audio/mpeg', 2612],
    ['flac', () => flac(7), 'audio/flac', 7000],
    ['m4a', () => song('m4a'), 'audio/x-m4a', 2133],
    ['ogg', () => song('ogg'), 'audio/ogg', 2000],
  ] as const)('%s', async ([, make, mime, duration]) => {
    expect(await media.inspect(await upload(await make(), mime))).toMatchObject({
      facts: { width: null, height: null, duration_ms: duration },
    })
  })
})

describe('FI-04: what a video claims to hold is not made room for', () => {
  test.for([
    ['4 billion samples', 'stts', 8],
    ['4 billion sizes', 'stsz', 12],
    ['4 billion places', 'stco', 8],
    ['a header of 4 gigabytes', 'mdia', -4],
    ['a header of its own name only', 'moov', -4],
  ] as const)('%s', async ([, box, at]) => {
    const bytes = await clip('mp4')
    bytes.writeUInt32BE(box === 'moov' ? 8 : 0xffffffff, bytes.indexOf(box) + at)
    expect(await media.inspect(await upload(bytes, 'video/mp4'))).toEqual({ failure: 'broken' })
  })
})
