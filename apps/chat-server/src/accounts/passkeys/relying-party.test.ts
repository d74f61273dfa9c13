import { expect, test } from 'vitest'
import { relyingParty } from './relying-party.ts'

const partyAt = (publicUrl: string) => relyingParty({ publicUrl, instanceName: 'Acme' })

test.each([
  ['https://chat.example.org', 'chat.example.org'],
  ['https://chat.example.org:8443', 'chat.example.org'],
  ['http://localhost:6688', 'localhost'],
  ['http://chat.localhost', 'chat.localhost'],
])('passkeys of %s are those of %s', (publicUrl, id) => {
  expect(partyAt(publicUrl)).toEqual({ id, origin: publicUrl, name: 'Acme' })
})

test.each([
  'http://chat.example.org',
  'http://127.0.0.1:6688',
  'http://[::1]:6688',
  'https://192.0.2.1',
  'https://[2001:db8::1]:8443',
])('at %s there are none', (publicUrl) => {
  expect(partyAt(publicUrl)).toBeUndefined()
})
