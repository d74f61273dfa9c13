import { type CryptoKey, type JWK, exportJWK, generateKeyPair, importJWK } from 'jose'
import { Type } from 'typebox'
import type { Db } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { parseJson } from '../json.ts'
import { open, seal } from './seal.ts'

/** The key that signs access tokens, and its name in their headers. */
export interface SigningKey {
  kid: string
  key: CryptoKey
}

const importKey = async (jwk: JWK): Promise<CryptoKey> => {
  const key = await importJWK(jwk, 'EdDSA')
  if (key instanceof Uint8Array) throw new Error('a signing key must be an Ed25519 key')
  return key
}

/**
 * The active signing key. The first server of an installation makes it; the private part is in the
 * database, encrypted under the instance's master key.
 */
export async function signingKey(db: Db, masterKey: Buffer): Promise<SigningKey> {
  const active = await activeKey(db)
  if (active)
    return { kid: active.kid, key: await importKey(decrypt(active.private_enc, masterKey)) }
  const pair = await generateKeyPair('Ed25519', { extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  const kid = crypto.randomUUID()
  const sealed = seal(masterKey, Buffer.from(JSON.stringify(await exportJWK(pair.privateKey))))
  // Where another server was quicker, its key is the one.
  await db.run(sql`
    insert into signing_keys (kid, public_jwk, private_enc, state)
    values (${kid}, ${JSON.stringify(publicJwk)}::jsonb, ${sealed}, 'active') on conflict do nothing`)
  return signingKey(db, masterKey)
}

const activeKey = (db: Db) =>
  db.maybe(sql<{ kid: string; private_enc: Buffer }>`
    select kid, private_enc from signing_keys where state = 'active'`)

const PrivateJwk = Type.Object({
  kty: Type.Literal('OKP'),
  crv: Type.String(),
  x: Type.String(),
  d: Type.String(),
})

const decrypt = (sealed: Buffer, masterKey: Buffer): JWK => {
  const foreign = new Error(
    'The signing key in the database belongs to another master key. ' +
      'Start with the secrets file that this database was made with.',
  )
  try {
    const jwk = parseJson(open(masterKey, sealed).toString('utf8'), PrivateJwk)
    if (jwk) return jwk
  } catch {
    throw foreign
  }
  throw foreign
}

/** The public keys that tokens may be signed with, by kid. */
export async function publicKeys(db: Db): Promise<Map<string, CryptoKey>> {
  const rows = await db.rows(sql<{ kid: string; public_jwk: JWK }>`
    select kid, public_jwk from signing_keys`)
  return new Map(
    await Promise.all(
      rows.map(async ({ kid, public_jwk }) => [kid, await importKey(public_jwk)] as const),
    ),
  )
}
