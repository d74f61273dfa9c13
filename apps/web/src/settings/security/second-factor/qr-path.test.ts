import decode from 'qr/decode.js'
import { expect, test } from 'vitest'
import { qrPath } from './qr-path.ts'

/** How many pixels a module has on each side. */
const scale = 4

/** Paints the path as a browser does, for a camera. */
function paint({ path, side }: { path: string; side: number }) {
  const width = side * scale
  const data = new Uint8Array(width * width * 4).fill(255)
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g))
    for (let down = 0; down < scale; down++) {
      const start = (Number(y) * scale + down) * width + Number(x) * scale
      for (let at = start; at < start + Number(length) * scale; at++)
        data.fill(0, at * 4, at * 4 + 3)
    }
  return { width, height: width, data }
}

test.each([
  'otpauth://totp/Parley:ann%40example.org?secret=MZXW6YTBOIMZXW6YTBOIMZXW6YTBOIQA&issuer=Parley&algorithm=SHA1&digits=6&period=30',
  `otpauth://totp/${'%D9%85'.repeat(100)}`,
])('a camera reads what the code was made of', (text) => {
  expect(decode(paint(qrPath(text)))).toBe(text)
})

test('four modules around the code stay light', () => {
  const { path, side } = qrPath('otpauth://totp/Parley')
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    expect(Math.min(Number(x), Number(y))).toBeGreaterThanOrEqual(4)
    expect(Math.max(Number(x) + Number(length), Number(y) + 1)).toBeLessThanOrEqual(side - 4)
  }
})
