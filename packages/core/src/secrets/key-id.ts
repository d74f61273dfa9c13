import { hkdfSync } from 'node:crypto'

/** Tells one key from another, and gives nothing of it away: eight hexadecimal digits. */
export const keyIdOf = (key: Buffer): string =>
  Buffer.from(hkdfSync('sha256', key, '', 'parley key id', 4)).toString('hex')
