import { expect, test } from 'vitest'
import { machineClock } from '../clock.ts'
import { createPool } from '../db/pool.ts'
import { createTestDatabase } from '../testing/database.ts'
import { issueToken } from './issue.ts'
import { createKeySet } from './key-set.ts'
import { signingKey } from './keys.ts'
import { createVerifier } from './verify.ts'

const issuer = 'http://parley.test'

test('tokens that come together before the keys are known all count', async () => {
  const database = await createTestDatabase()
  const pool = createPool({ url: database.url, max: 2, name: 'test' })
  const key = await signingKey(pool, Buffer.alloc(32, 1))
  const tokens = await Promise.all(
    [1, 2, 3].map((id) => issueToken(key, issuer, id, id, machineClock)),
  )
  const verifier = createVerifier(createKeySet(pool), machineClock, issuer, 'notify')
  const principals = await Promise.all(tokens.map((token) => verifier.verify(token)))
  expect(principals).toMatchObject([{ userId: 1 }, { userId: 2 }, { userId: 3 }])
  await pool.close()
  // Whether a token is valid cannot be known without the keys: that is no refusal.
  await expect(
    createVerifier(createKeySet(pool), machineClock, issuer, 'notify').verify(tokens[0] ?? ''),
  ).rejects.toThrow(/pool/)
  await database.drop()
})
