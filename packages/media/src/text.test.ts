import { afterAll, describe, expect, test } from 'vitest'
import { createMedia } from './media.ts'
import { upload } from './testing/folder.ts'

const media = createMedia({ timeMs: 20_000 })
afterAll(() => media.close())

async function preview(bytes: string | Uint8Array): Promise<string | null> {
  const inspected = await media.inspect(await upload(Buffer.from(bytes), 'text/plain'))
  if ('failure' in inspected) throw new Error(inspected.failure)
  return inspected.facts.text_preview
}

describe('of a text the first lines are shown', () => {
  test.for([
    ['all of a short one', 'one\ntwo\n', 'one\ntwo'],
    ['without its mark of byte order', '\uFEFFone', 'one'],
    ['with one kind of line ends', 'one\r\ntwo\rthree', 'one\ntwo\nthree'],
    [
      '8 of them',
      Array.from({ length: 99 }, (_, i) => i).join('\n'),
      Array.from({ length: 8 }, (_, i) => i).join('\n'),
    ],
    ['600 characters', 'x'.repeat(9000), 'x'.repeat(600)],
    ['no half of a character', `x${'😀'.repeat(5000)}`, `x${'😀'.repeat(299)}`],
    ['none of an empty file', '', null],
  ] as const)('%s', async ([, text, shown]) => {
    expect(await preview(text)).toBe(shown)
  })

  test.for([
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x62])],
    ['a character cut off at the end', Buffer.from('😀').subarray(0, 3)],
    ['control characters', Buffer.from('a\0b')],
    ['colours of a terminal', Buffer.from('\u001B[31mred')],
  ] as const)('none with %s', async ([, bytes]) => {
    expect(await preview(bytes)).toBeNull()
  })
})
