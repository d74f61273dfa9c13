const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, 6, without padding. */
export function base32(bytes: Buffer): string {
  let text = ''
  let rest = 0
  let bits = 0
  for (const byte of bytes) {
    rest = ((rest << 8) | byte) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet.charAt((rest >> (bits - 5)) & 31)
  }
  return bits > 0 ? text + alphabet.charAt((rest << (5 - bits)) & 31) : text
}
