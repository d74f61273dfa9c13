import {
  type Me,
  type Passkey,
  addPasskey,
  beginAddPasskey,
  beginConfirmByPasskey,
  beginSecondByPasskey,
  beginSignInByPasskey,
  confirmMeByPasskey,
  signInByPasskey,
  signInSecondByPasskey,
} from '@parley/contract'
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { client } from '../../app/client.ts'

/** Signs in whoever the device says it is. These throw what the browser throws; see `passkeyProblem`. */
export async function signIn(): Promise<Me> {
  const { options } = await client.call(beginSignInByPasskey)
  const credential = await startAuthentication({ optionsJSON: options })
  return (await client.call(signInByPasskey, { body: { credential } })).user
}

/** The second step of a sign-in by password, whose challenge this is. */
export async function signInSecond(challenge: string): Promise<Me> {
  const { options } = await client.call(beginSecondByPasskey, { body: { challenge } })
  const credential = await startAuthentication({ optionsJSON: options })
  return (await client.call(signInSecondByPasskey, { body: { challenge, credential } })).user
}

export async function confirm(): Promise<void> {
  const { options } = await client.call(beginConfirmByPasskey)
  const credential = await startAuthentication({ optionsJSON: options })
  await client.call(confirmMeByPasskey, { body: { credential } })
}

export async function add(name: string): Promise<Passkey> {
  const { options } = await client.call(beginAddPasskey)
  const credential = await startRegistration({ optionsJSON: options })
  return client.call(addPasskey, { body: { name, credential } })
}
