import { expect, test, vi } from 'vitest'
import { createClaims } from './claims.ts'

test('a file is one tab’s until that lets go, and then goes to who waits for it', async () => {
  const [one, other] = [createClaims(), createClaims()]
  expect(await one.take('a')).toBe(true)
  const inherited = other.inherit('a')
  expect(await one.take('b')).toBe(true)
  one.letGo('a')
  expect(await inherited).toBe(true)
  other.letGo('a')
  expect(await one.take('a')).toBe(true)
  one.letGo('a')
  one.letGo('b')
})

test('who waits no longer gets nothing, and what is another’s is not taken', async () => {
  const [one, other] = [createClaims(), createClaims()]
  await one.take('c')
  const inherited = other.inherit('c')
  other.letGo('c')
  expect(await inherited).toBe(false)
  expect(await other.take('c')).toBe(false)
  one.letGo('c')
})

test('without locks each tab has what it finds, and nothing of what another has', async () => {
  vi.stubGlobal('navigator', {})
  const claims = createClaims()
  vi.unstubAllGlobals()
  expect(await claims.take('d')).toBe(true)
  expect(await claims.inherit('e')).toBe(false)
})
