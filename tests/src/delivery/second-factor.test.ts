import { base32 } from '@parley/core/second-factor/base32'
import { codeAt, stepAt } from '@parley/core/second-factor/totp'
import { open } from '@parley/core/tokens/seal'
import { loadSecrets } from '@parley/core/secrets'
import { ParleyError, createClient } from '@parley/sdk'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { startChat } from '../input/kit.ts'

const server = await startChat()
const database = new pg.Client({ connectionString: server.databaseUrl })
await database.connect()
afterAll(async () => {
  await database.end()
  await server.stop()
})

const account = { email: 'ann@example.org', password: 'correct horse battery staple' }

test('a client signs in by two steps, and goes on from the second as from one', async () => {
  const first = createClient({ url: server.url })
  await first.signUp({ body: { ...account, username: 'ann' } })
  const { secret } = await first.beginTotp()
  const { rows } = await database.query<{ secret_enc: Buffer }>(
    'select secret_enc from totp_secrets',
  )
  const bytes = open(loadSecrets(server.config).masterKey, rows[0]?.secret_enc ?? Buffer.alloc(0))
  expect(base32(bytes)).toBe(secret)
  const { recovery_codes: recovery } = await first.confirmTotp({
    body: { code: codeAt(bytes, stepAt(Date.now())) },
  })

  const client = createClient({ url: server.url })
  const refused = await client.signIn({ body: account }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(ParleyError)
  expect(refused).toMatchObject({ code: 'second_factor_required', status: 401 })
  expect(client.tokens().token).toBeNull()
  const challenge = refused instanceof ParleyError ? (refused.challenge ?? '') : ''
  await expect(
    client.signInSecond({ body: { challenge, code: 'aaaa-bbbb-cccc-dddd' } }),
  ).rejects.toMatchObject({ code: 'wrong_code' })
  await client.signInSecond({ body: { challenge, code: recovery[0] ?? '' } })
  expect(await client.getMe()).toMatchObject({ username: 'ann' })
  expect(client.tokens().token).not.toBeNull()
  await client.refresh({ body: {} })
  expect(await client.getMe()).toMatchObject({ username: 'ann' })
})
