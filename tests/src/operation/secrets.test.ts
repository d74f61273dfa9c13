import { mkdir } from 'node:fs/promises'
import { queueMail, takeMail } from '@parley/core/mail/queue'
import { loadSecrets } from '@parley/core/secrets'
import { authenticator } from '@parley/core/testing/authenticator'
import { until } from '@parley/core/testing/until'
import { signingKey } from '@parley/core/tokens/keys'
import { open, seal } from '@parley/core/tokens/seal'
import { ParleyError, createClient } from '@parley/sdk'
import { expect, test } from 'vitest'
import { type SecretsPlace, secretsPlace } from './secrets-place.ts'

const account = { email: 'ann@example.org', password: 'correct horse battery staple' }
const formOf = (text: string): FormData => {
  const form = new FormData()
  form.append('file', new Blob([text]), 'one.txt')
  return form
}

/** Somebody with a second factor and a file, and what they have of it. */
async function ann(url: string) {
  const client = createClient({ url })
  await client.signUp({ body: { ...account, username: 'ann' } })
  const code = await authenticator((await client.beginTotp()).secret, 3_000)
  await client.confirmTotp({ body: { code: code(-1) } })
  const { files } = await client.uploadFiles({ body: formOf('what I wrote') })
  const { urls } = await client.listFileUrls({ query: { ids: files.map(({ id }) => id) } })
  return { client, code, address: urls[0]?.url ?? '' }
}

/** Signs in by the password and then by a code. */
async function signInWith(url: string, code: string): Promise<string> {
  const client = createClient({ url })
  const refused = await client.signIn({ body: account }).catch((error: unknown) => error)
  const challenge = refused instanceof ParleyError ? (refused.challenge ?? '') : ''
  await client.signInSecond({ body: { challenge, code } })
  return (await client.getMe()).username
}

const textAt = async (address: string, url: string) => {
  const reply = await fetch(new URL(address, url))
  return reply.ok ? reply.text() : reply.status
}

test('the master key is replaced while Parley is stopped: codes, sessions, tokens and addresses are good afterwards', async () => {
  const place = await secretsPlace()
  const first = await place.server()
  const { client, code, address } = await ann(first.url)
  const before = place.stored()
  const listed = (await place.parley('secrets list')).stdout

  const refused = await place.parley('secrets rotate master_key')
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^Stop all servers of Parley first, .* Nothing was changed\.\n$/)
  expect(place.stored()).toEqual(before)

  await first.stop()
  expect(await place.parley('secrets rotate master_key')).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^The master key was replaced; [23] secrets /),
    stderr: '',
  })
  const after = place.stored()
  expect(after['master_key']).not.toBe(before['master_key'])
  expect(JSON.stringify(after)).not.toContain(before['master_key'])
  expect(Object.keys(after)).toEqual(['instance_id', 'master_key', 'former_address_key'])
  expect(after['instance_id']).toBe(before['instance_id'])
  expect(place.mode()).toBe(0o600)

  const second = await place.server()
  expect(await textAt(address, second.url)).toBe('what I wrote')
  expect(await textAt(address.replace(/s=./, 's=_'), second.url)).not.toBe('what I wrote')
  expect(await signInWith(second.url, code(0))).toBe('ann')
  expect((await client.getMe()).username).toBe('ann')
  await client.refresh({ body: {} })
  expect((await client.getMe()).username).toBe('ann')
  const again = (await place.parley('secrets list')).stdout
  expect(again).not.toBe(listed)
  for (const text of [again, listed])
    for (const key of [before['master_key'], after['master_key']]) expect(text).not.toContain(key)
  expect(again).toMatch(/^master_key {9}id [0-9a-f]{8}, since \d{4}-\d\d-\d\d, in secrets.json\n/)
}, 60_000)

/** A row in each table that has something encrypted; what each of them says under a key. */
async function oneOfEach({ pool, rows, config }: SecretsPlace) {
  const { masterKey } = loadSecrets(config())
  const [user] = await rows<{ id: number }>(
    `insert into users (username, email, password_hash) values ('ben', 'ben@example.org', 'none') returning id`,
  )
  const sealed = (text: string) => seal(masterKey, Buffer.from(text))
  await signingKey(pool, masterKey)
  await rows(
    'insert into totp_secrets (user_id, secret_enc) values ($1, $2)',
    user?.id,
    sealed('a seed'),
  )
  await rows(
    `insert into sessions (user_id, current_hash, successor_enc)
     select $1, sha256(n::text::bytea), $2 from generate_series(1, 2500) n`,
    user?.id,
    sealed('a successor'),
  )
  await queueMail(pool, masterKey, { kind: 'reset', email: account.email })
  return masterKey
}

/** Every value that is encrypted, of all columns that say so by their name; undefined where the key is another. */
async function read({ rows }: SecretsPlace, key: Buffer): Promise<(string | undefined)[]> {
  const columns = await rows<{ table: string; column: string }>(
    `select table_name::text as table, column_name::text as column from information_schema.columns
     where table_schema = 'public' and column_name like '%\\_enc' order by 1`,
  )
  const found = await Promise.all(
    columns.map(({ table, column }) =>
      rows<{ sealed: Buffer }>(
        `select ${column} as sealed from ${table} where ${column} is not null`,
      ),
    ),
  )
  return found.flat().map(({ sealed }) => {
    try {
      return open(key, sealed).toString()
    } catch {
      return undefined
    }
  })
}

test('all that is encrypted in the database is under the new key, in every table', async () => {
  const place = await secretsPlace()
  const old = await oneOfEach(place)
  const texts = await read(place, old)
  const letter = JSON.stringify({ email: account.email })
  expect([...new Set(texts)]).toEqual(
    expect.arrayContaining(['a seed', 'a successor', letter, expect.stringContaining('"crv"')]),
  )
  expect(await place.parley('secrets rotate master_key')).toMatchObject({ code: 0, stderr: '' })
  const { masterKey } = loadSecrets(place.config())
  expect(await read(place, masterKey)).toEqual(texts)
  expect(new Set(await read(place, old))).toEqual(new Set([undefined]))
  expect(await takeMail(place.pool, masterKey)).toMatchObject({ letter: { email: account.email } })
}, 60_000)

test('killed before the database has changed over, a rotation changed nothing, and the next one goes through', async () => {
  const place = await secretsPlace()
  const old = await oneOfEach(place)
  const [texts, stored] = [await read(place, old), place.stored()]
  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = place.pool.transaction(async (db) => {
    await db.rows({ name: '', text: 'select from totp_secrets for update', values: [] })
    held.resolve()
    await release.promise
  })
  await held.promise
  const program = place.run('secrets rotate master_key')
  const waiting = async () =>
    (
      await place.rows(
        `select from pg_locks where not granted and relation = 'totp_secrets'::regclass`,
      )
    ).length > 0
  await until(waiting, { timeoutMs: 20_000, what: 'the rotation to wait' })
  program.child.kill('SIGKILL')
  await program.ended
  release.resolve()
  await holding
  expect(place.stored()).toEqual(stored)
  expect(await read(place, old)).toEqual(texts)
  expect(await place.parley('secrets rotate master_key')).toMatchObject({ code: 0, stderr: '' })
  expect(await read(place, loadSecrets(place.config()).masterKey)).toEqual(texts)
}, 60_000)

test('killed when the database has changed over, no server starts by the old key, and the next rotation goes on', async () => {
  const place = await secretsPlace()
  const old = await oneOfEach(place)
  const texts = await read(place, old)
  // Runs when the transaction commits, and takes its time.
  await place.rows(`create function linger() returns trigger language plpgsql as
    $$ begin perform pg_sleep(2); return null; end $$`)
  await place.rows(`create constraint trigger linger after update on totp_secrets
    deferrable initially deferred for each row execute function linger()`)
  const program = place.run('secrets rotate master_key')
  await until(() => 'next_master_key' in place.stored(), { timeoutMs: 20_000, what: 'the commit' })
  program.child.kill('SIGKILL')
  await program.ended
  await until(async () => (await read(place, old)).every((text) => text === undefined), {
    timeoutMs: 20_000,
    what: 'the database to have changed over',
  })
  const next = String(place.stored()['next_master_key'])
  await expect(place.server()).rejects.toThrow(/was broken off\. Nothing is lost: parley secrets/)
  expect(await place.parley('secrets list')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('was broken off'),
  })
  expect(await place.parley('secrets rotate master_key')).toMatchObject({ code: 0, stderr: '' })
  expect(place.stored()).toMatchObject({ master_key: next })
  expect(place.stored()).not.toHaveProperty('next_master_key')
  expect(await read(place, loadSecrets(place.config()).masterKey)).toEqual(texts)
}, 60_000)

test('where the database belongs to another key nothing is changed, and it is said', async () => {
  const place = await secretsPlace()
  const old = await oneOfEach(place)
  await place.rows(
    'update totp_secrets set secret_enc = $1',
    seal(Buffer.alloc(32, 7), Buffer.from('x')),
  )
  const stored = place.stored()
  expect(await place.parley('secrets rotate master_key')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^What is encrypted in the table totp_secrets belongs to another/,
    ),
  })
  expect(place.stored()).toEqual(stored)
  expect((await read(place, old)).filter((text) => text === undefined)).toHaveLength(1)
}, 60_000)

test('where the file cannot be replaced nothing is changed, and it is said', async () => {
  const place = await secretsPlace()
  const old = await oneOfEach(place)
  const [texts, stored] = [await read(place, old), place.stored()]
  await mkdir(`${place.file}.new`)
  expect(await place.parley('secrets rotate master_key')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^The file .*secrets\.json cannot be replaced \(\w+\)\.\n$/),
  })
  expect(place.stored()).toEqual(stored)
  expect(await read(place, old)).toEqual(texts)
}, 60_000)
