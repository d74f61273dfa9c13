import pg from 'pg'
import { expect, test } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { start, temporaryFolder } from './fixtures/kit.ts'
import { embeddedRoles, owner, superuser } from './url.ts'

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<object>(text)).rows
  } finally {
    await client.end()
  }
}

test('OP-07: a data folder from before there were roles is taken over at the next start', async () => {
  const folder = await temporaryFolder()
  const first = await start(folder)
  await migrate(first.url)
  await query(
    first.url,
    `insert into users (username, email, password_hash) values ('ada', 'ada@example.org', 'none')`,
  )
  // As it was: everything is the superuser's, and there is nobody else.
  await query(first.url, `alter database parley owner to ${superuser}`)
  for (const role of [owner, ...Object.values(embeddedRoles)])
    await query(first.url, `drop owned by ${role}; drop role ${role}`)
  await first.stop()

  const second = await start(folder)
  expect(await migrate(second.urlFor('owner'), embeddedRoles)).toEqual([])
  expect(await query(second.urlFor('app'), 'select username from users')).toEqual([
    { username: 'ada' },
  ])
  await expect(query(second.urlFor('app'), 'drop table users')).rejects.toThrow('must be owner')
  await expect(query(second.urlFor('notify'), 'select email from users')).rejects.toThrow(
    'permission denied',
  )
  // The owner goes on where the superuser stopped.
  await query(second.urlFor('owner'), 'alter table users add column nickname text')
  await query(second.urlFor('owner'), 'select make_event_partitions(9)')
  await query(second.urlFor('notify'), 'select make_event_partitions(10)')
})
