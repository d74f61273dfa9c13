import { expect, test } from 'vitest'
import { pixelsOf } from './blur.ts'

test('a hash of one colour is that colour', () => {
  // One part each way, and the average #ff0000.
  expect([...(pixelsOf('00TI:j', 1, 1) ?? [])]).toEqual([255, 0, 0, 255])
})

test('what is no blur hash is no picture', () => {
  for (const text of ['', 'L', '00TI:', '00TI:jX', '00TI:"', '<script>alert(1)</script>'])
    expect(pixelsOf(text, 2, 2)).toBeUndefined()
})

test('a hash of several colours changes across the picture', () => {
  const pixels = pixelsOf('LEHV6nWB2yk8pyo0adR*.7kCMdnj', 8, 8) ?? []
  expect(new Set(pixels).size).toBeGreaterThan(8)
  expect(pixels).toHaveLength(256)
})
