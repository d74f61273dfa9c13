import { type CryptoKey, type JWK, exportJWK, generateKeyPair, importJWK } from 'jose'
import { Type } from 'typebox'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { parseJson } from '../json.ts'
import { StartError } from '../start-error.ts'
import { open, seal } from './seal.ts'

/** The key that signs access tokens, and its name in their headers. */
export interface SigningKey {
  kid: string
  key: CryptoKey
}

/** A key pair as a row of `signing_keys` has it. */
export interface NewKey {
  kid: string
  publicJwk: string
  privateEnc: Buffer
}

/** Makes a key pair; the private part comes encrypted under the master key. */
export async function makeKey(masterKey: Buffer): Promise<NewKey> {
  const pair = await generateKeyPair('Ed25519', { extractable: true })
  return {
    kid: crypto.randomUUID(),
    publicJwk: JSON.stringify(await exportJWK(pair.publicKey)),
    privateEnc: seal(masterKey, Buffer.from(JSON.stringify(await exportJWK(pair.privateKey)))),
  }
}

export async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'EdDSA')
  if (key instanceof Uint8Array) throw new Error('a signing key must be an Ed25519 key')
  return key
}

const PrivateJwk = Type.Object({
  kty: Type.Literal('OKP'),
  crv: Type.String(),
  x: Type.String(),
  d: Type.String(),
})

/** The private part of a key; throws where it was encrypted under another master key. */
export function decrypt(privateEnc: Buffer, masterKey: Buffer): JWK {
  const foreign = new StartError(
    'The signing key in the database belongs to another master key. ' +
      'Start with the secrets file that this database was made with.',
  )
  try {
    const jwk = parseJson(open(masterKey, privateEnc).toString('utf8'), PrivateJwk)
    if (jwk) return jwk
  } catch {
    throw foreign
  }
  throw foreign
}

/**
 * The active signing key. The first server of an installation makes it; the private part is in the
 * database, encrypted under the instance's master key.
 */
export async function signingKey(db: Db, masterKey: Buffer): Promise<SigningKey> {
  const active = await activeKey(db)
  if (active)
    return { kid: active.kid, key: await importKey(decrypt(active.private_enc, masterKey)) }
  const { kid, publicJwk, privateEnc } = await makeKey(masterKey)
  // Where another server was quicker, its key is the one.
  await db.run(sql`
    insert into signing_keys (kid, public_jwk, private_enc, state, active_since)
    values (${kid}, ${publicJwk}::jsonb, ${privateEnc}, 'active', clock_timestamp())
    on conflict do nothing`)
  return signingKey(db, masterKey)
}

const activeKey = (db: Db) =>
  db.maybe(sql<{ kid: string; private_enc: Buffer }>`
    select kid, coalesce(private_enc, '') as private_enc from signing_keys where state = 'active'`)

/** Gives the key that signs now. */
export type Signer = () => Promise<SigningKey>

/**
 * Asks the database at each signature, which follows statements that wait for it anyway: nothing is
 * ever signed by a key that has been dropped, on whichever server.
 */
export function createSigner(db: Db, masterKey: Buffer): Signer {
  let opened: SigningKey | undefined
  return async () => {
    const active = await db.maybe(sql<{ kid: string }>`
      select kid from signing_keys where state = 'active'`)
    if (opened === undefined || opened.kid !== active?.kid) opened = await signingKey(db, masterKey)
    return opened
  }
}
