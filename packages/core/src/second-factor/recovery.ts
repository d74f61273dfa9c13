import { createHash, randomBytes } from 'node:crypto'
import { base32 } from './base32.ts'

const howMany = 10
/** 80 bits: none of them is found by trying, so that a plain hash is enough. */
const bytes = 10

/** Codes for who has lost the device, as they are shown: `abcd-efgh-ijkl-mnop`. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: howMany }, () =>
    base32(randomBytes(bytes))
      .toLowerCase()
      .replace(/.{4}(?=.)/g, '$&-'),
  )

/** As they are kept, however somebody types them. */
export const recoveryHash = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z2-7]/g, ''))
    .digest()
