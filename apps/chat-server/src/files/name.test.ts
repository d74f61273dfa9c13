import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileName } from './name.ts'

test.for([
  ['holiday.png', 'holiday.png'],
  ['Übergrößenträger 猫 🐈.txt', 'Übergrößenträger 猫 🐈.txt'],
  ['../../x', 'x'],
  ['/etc/passwd', 'passwd'],
  ['C:\\windows\\x.exe', 'x.exe'],
  ['a\0.png', 'a.png'],
  ['con', 'con'],
  ['invoice\u202egnp.exe', 'invoicegnp.exe'],
  ['a"\r\nSet-Cookie: x=1.txt', 'a"Set-Cookie: x=1.txt'],
  ['..', 'file'],
  ['', 'file'],
  [undefined, 'file'],
  ['.gitignore', '.gitignore'],
  [`${'x'.repeat(4096)}.tar`, `${'x'.repeat(251)}.tar`],
  [`${'é'.repeat(200)}.png`, `${'é'.repeat(125)}.png`],
] as const)('FI-01: %j is kept as %j', ([said, kept]) => {
  expect(fileName(said)).toBe(kept)
})

test('FI-01: no name is a path, empty, longer than 255 bytes or other than it was kept', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (said) => {
      const kept = fileName(said)
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(255)
      expect(kept).not.toMatch(/^\.*$|[/\\\p{Cc}]/u)
      expect(fileName(kept)).toBe(kept)
    }),
  )
})
