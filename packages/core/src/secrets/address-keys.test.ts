import { expect, test } from 'vitest'
import { addressKeyOf, addressSigner } from './address-keys.ts'

const [old, fresh] = [1, 2].map((n) => addressKeyOf(Buffer.alloc(32, n)))
const present = (key: Buffer | undefined) => ({ key: key ?? Buffer.alloc(0), until: Infinity })

test('what was signed before a rotation is good until its time, and what is signed now by the new key', () => {
  const before = addressSigner([present(old)], 'files')
  const after = addressSigner(
    [present(fresh), { key: old ?? Buffer.alloc(0), until: 1_000 }],
    'files',
  )
  const signature = before.sign('an address')
  expect(after.isGood('an address', signature, 999)).toBe(true)
  expect(after.isGood('an address', signature, 1_000)).toBe(false)
  expect(after.isGood('another address', signature, 999)).toBe(false)
  expect(after.sign('an address')).not.toBe(signature)
  expect(after.isGood('an address', after.sign('an address'), 1_000_000)).toBe(true)
  expect(before.isGood('an address', after.sign('an address'), 0)).toBe(false)
})

test('a signature is for one purpose, and whole', () => {
  const [files, exports] = ['files', 'exports'].map((purpose) =>
    addressSigner([present(old)], purpose),
  )
  const signature = files?.sign('x') ?? ''
  expect(files?.isGood('x', signature, 0)).toBe(true)
  expect(exports?.isGood('x', signature, 0)).toBe(false)
  for (const other of [
    '',
    signature.slice(0, -1),
    `${signature}A`,
    ` ${signature}`,
    `${signature}=`,
  ])
    expect(files?.isGood('x', other, 0)).toBe(false)
})
