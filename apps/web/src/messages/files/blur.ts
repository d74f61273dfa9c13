/** Decodes a blur hash (blurha.sh, 1.0): few cosines that make a picture of a few colours. */

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~'

const read = (text: string): number =>
  Array.from(text).reduce((sum, one) => sum * 83 + digits.indexOf(one), 0)

const linear = (value: number): number =>
  value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
const srgb = (value: number): number => {
  const one = Math.min(1, Math.max(0, value))
  return Math.round(255 * (one <= 0.0031308 ? one * 12.92 : 1.055 * one ** (1 / 2.4) - 0.055))
}

type Colour = readonly [number, number, number]

const average = (value: number): Colour => [
  linear(value >> 16),
  linear((value >> 8) & 255),
  linear(value & 255),
]
const signed = (value: number, most: number): number =>
  Math.sign(value - 9) * ((value - 9) / 9) ** 2 * most
const detail = (value: number, most: number): Colour => [
  signed(Math.floor(value / 361), most),
  signed(Math.floor(value / 19) % 19, most),
  signed(value % 19, most),
]

/**
 * The pixels (RGBA) of a picture of this size; undefined where the text is no blur hash.
 */
export function pixelsOf(
  hash: string,
  width: number,
  height: number,
): Uint8ClampedArray<ArrayBuffer> | undefined {
  const sizes = read(hash.slice(0, 1))
  const [across, down] = [(sizes % 9) + 1, Math.floor(sizes / 9) + 1]
  if (hash.length !== 4 + 2 * across * down || /[^\w#$%*+,\-.:;=?@[\]^{|}~]/.test(hash))
    return undefined
  const most = (read(hash.slice(1, 2)) + 1) / 166
  const colours = Array.from({ length: across * down }, (_, n) =>
    n === 0
      ? average(read(hash.slice(2, 6)))
      : detail(read(hash.slice(4 + 2 * n, 6 + 2 * n)), most),
  )
  const pixels = new Uint8ClampedArray(4 * width * height)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [(at % width) / width, Math.floor(at / width) / height]
    const sum = [0, 0, 0]
    for (const [n, colour] of colours.entries()) {
      const wave =
        Math.cos(Math.PI * x * (n % across)) * Math.cos(Math.PI * y * Math.floor(n / across))
      for (const [channel, value] of colour.entries())
        sum[channel] = (sum[channel] ?? 0) + value * wave
    }
    pixels.set([...sum.map(srgb), 255], 4 * at)
  }
  return pixels
}
