import { type Entry, hidden, open, own } from '../entry.ts'

/** In the shape of a browser's, but made by none. */
const answer = (response: Record<string, string>) => ({
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  response: { clientDataJSON: 'AAAA', ...response },
})
const made = answer({ attestationObject: 'AAAA' })
const proof = answer({ authenticatorData: 'AAAA', signature: 'AAAA' })
const challenge = 'A'.repeat(43)
const refused = '401 passkey_refused'

export const passkeys = {
  listPasskeys: [own({ expected: '200' })],
  beginAddPasskey: [own({ expected: '200' })],
  addPasskey: [
    own({ expected: refused, wish: () => ({ body: { name: 'A key', credential: made } }) }),
  ],
  renamePasskey: [
    own({ expected: hidden, but: { owner: '200' }, wish: () => ({ body: { name: 'Mine' } }) }),
  ],
  beginSignInByPasskey: [open('200')],
  signInByPasskey: [open(refused, () => ({ body: { credential: proof } }))],
  beginSecondByPasskey: [open('401 sign_in_expired', () => ({ body: { challenge } }))],
  signInSecondByPasskey: [
    open('401 sign_in_expired', () => ({ body: { challenge, credential: proof } })),
  ],
  beginConfirmByPasskey: [own({ expected: '409 no_passkey', but: { owner: '200' } })],
  confirmMeByPasskey: [own({ expected: refused, wish: () => ({ body: { credential: proof } }) })],
  // The last: those before need one.
  removePasskey: [own({ expected: hidden, but: { owner: '204' } })],
} satisfies Record<string, readonly Entry[]>
