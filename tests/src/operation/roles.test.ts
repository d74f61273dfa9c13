import { embeddedRoles } from '@parley/core/embedded/url'
import { runningDatabase } from '@parley/core/embedded/running'
import { until } from '@parley/core/testing/until'
import { createClient } from '@parley/sdk'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningParley, startParley } from '../stack/parley.ts'
import { signUp } from '../stack/people.ts'

let parley: RunningParley
const clients: pg.Client[] = []
async function connect(role: Parameters<typeof runningDatabase>[1]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: runningDatabase(parley.dataDir, role) })
  await client.connect()
  clients.push(client)
  return client
}
let [superuser, app, notify]: pg.Client[] = []

beforeAll(async () => {
  parley = await startParley({ PARLEY_RATE_LIMITS: 'off' })
  superuser = await connect('superuser')
  app = await connect('app')
  notify = await connect('notify')
  await signUp(createClient({ url: parley.url, eventsUrl: parley.eventsUrl }), 'ada', 'Acme')
}, 120_000)
afterAll(async () => {
  for (const client of clients) await client.end()
  await parley.stop()
})

/** `42501` where it is not allowed, else what PostgreSQL says, or undefined where it was done. */
async function refusal(client: pg.Client | undefined, statement: string) {
  try {
    await client?.query(statement)
    return undefined
  } catch (error) {
    return error instanceof pg.DatabaseError ? error.code : String(error)
  }
}

const rows = async <Row extends object>(text: string): Promise<Row[]> =>
  (await superuser?.query<Row>(text))?.rows ?? []

test('OP-07: the servers connect as roles of their own, which own nothing and have no special rights', async () => {
  // The owner's connection ends with the start.
  await until(async () => {
    const found = await rows(
      `select distinct usename as role from pg_stat_activity
       where application_name like 'parley %' order by 1`,
    )
    expect(found).toEqual([{ role: 'parley_app' }, { role: 'parley_notify' }])
    return true
  })
  const names = Object.values({ owner: 'parley_migrate', ...embeddedRoles })
  const list = names.map((name) => `'${name}'`).join()
  expect(
    await rows(
      `select rolname::text as name from pg_roles where rolname in (${list})
         and not (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)
       order by 1`,
    ),
  ).toEqual(names.toSorted().map((name) => ({ name })))
  expect(
    await rows(
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relowner <> 'parley_migrate'::regrole
       union all select proname from pg_proc
       where pronamespace = 'public'::regnamespace and proowner <> 'parley_migrate'::regrole`,
    ),
  ).toEqual([])
})

test('OP-07: what is granted is rows to the chat-server and reading to the notify-server', async () => {
  const granted = (role: string) =>
    rows<{ rights: string; tables: string[] }>(
      `select string_agg(distinct privilege_type, ' ' order by privilege_type) as rights,
         array_agg(distinct c.relname::text order by c.relname::text) as tables
       from pg_class c cross join aclexplode(c.relacl) a
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and a.grantee = '${role}'::regrole
       group by c.oid`,
    )
  const rights = new Map<string, string[]>()
  for (const { rights: of, tables } of await granted('parley_app')) {
    rights.set(of, [...(rights.get(of) ?? []), ...tables])
  }
  expect([...rights.keys()].toSorted()).toEqual([
    'DELETE INSERT SELECT UPDATE',
    'INSERT SELECT',
    'SELECT',
  ])
  expect(rights.get('INSERT SELECT')).toEqual(['audit_log'])
  expect(rights.get('SELECT')?.toSorted()).toEqual(['audit_end', 'log_meta'])
  for (const row of await granted('parley_notify')) expect(row).toMatchObject({ rights: 'SELECT' })
  expect(
    await rows(
      `select distinct a.privilege_type as right from pg_attribute t cross join aclexplode(t.attacl) a
       where a.grantee = 'parley_notify'::regrole`,
    ),
  ).toEqual([{ right: 'SELECT' }])
})

test.for([
  'create table mine ()',
  'create function mine() returns int language sql return 1',
  'create schema mine',
  'create temporary table mine ()',
  'alter table users add column is_admin boolean',
  'drop table messages',
  'truncate messages',
  'alter table audit_log disable trigger all',
  'drop trigger audit_log_guard on audit_log',
  `update audit_log set actor_id = null`,
  'delete from audit_log',
  'truncate audit_log',
  'update audit_end set position = 0',
  'delete from audit_end',
  `update log_meta set epoch = 'another'`,
  'select * from migrations',
  'select seal_audit()',
  'select drop_event_partitions(1)',
  'set role parley_migrate',
  'set role parley',
  'create role mine',
  `copy users to program 'true'`,
  `select pg_read_file('/etc/passwd')`,
])('OP-07: the chat-server may not "%s"', async (statement) => {
  // A function that only triggers call says so before it asks who calls.
  expect(['42501', '0A000']).toContain(await refusal(app, statement))
})

test.for([
  `insert into topics (kind) values ('chat')`,
  `update users set status = 'active'`,
  `delete from event_log`,
  `delete from event_tickets`,
  `insert into audit_log (action) values ('x')`,
  'select email from users',
  'select username from users',
  'select password_hash from users',
  'select current_hash from sessions',
  'select private_enc from signing_keys',
  'select * from messages',
  'select * from audit_log',
  'select * from totp_secrets',
  'select * from event_tickets',
  `select send_messages('{1}', '{1}', '{x}', '{null}', '{null}', '{{}}')`,
  'select id from users for update',
  'create table mine ()',
  'drop table event_log',
  'set role parley_app',
])('OP-07: the notify-server may not "%s"', async (statement) => {
  expect(await refusal(notify, statement)).toBe('42501')
})

test('OP-07: the retention that the chat-server may ask for spares thirty days of the audit log', async () => {
  for (const days of [29, 0, -400, 'null'])
    expect(await refusal(app, `select prune_audit(${days})`)).toBe('22023')
  expect(await refusal(app, 'select prune_audit(30)')).toBeUndefined()
  expect(await refusal(notify, 'select prune_audit(30)')).toBe('42501')
})

test('OP-07: the upkeep of the log that the notify-server may ask for spares the events of today', async () => {
  expect(await refusal(notify, 'select drop_event_partitions(0)')).toBe('22023')
  expect(await refusal(notify, 'select drop_event_partitions(-1)')).toBe('22023')
  expect(await refusal(notify, 'select drop_event_partitions(7)')).toBeUndefined()
  expect(await refusal(notify, 'select make_event_partitions(3)')).toBeUndefined()
})
