import pg from 'pg'
import { database, embeddedRoles, owner, passwordOf, superuser } from './url.ts'

const roles = [owner, ...Object.values(embeddedRoles)]
const rights = 'login nosuperuser nocreatedb nocreaterole noreplication nobypassrls'

/** What in the schema is not yet the owner's: all of it, in a cluster from before there were roles. */
const foreign = `
  select format('alter %s %s owner to ${owner}',
      case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
        when 'c' then 'type' else 'table' end, c.oid::regclass) as change
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'c')
    and c.relowner <> '${owner}'::regrole
    -- Goes with its table.
    and not exists (
      select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
        and d.deptype in ('a', 'i', 'e') and d.refclassid in ('pg_class'::regclass, 'pg_extension'::regclass)
        and (c.relkind = 'S' or d.deptype = 'e'))
  union all
  select format('alter routine %s owner to ${owner}', p.oid::regprocedure)
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.proowner <> '${owner}'::regrole
    and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
      and d.objid = p.oid and d.deptype = 'e')
  union all
  select format('alter type %s owner to ${owner}', t.oid::regtype)
  from pg_type t
  where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd')
    and t.typowner <> '${owner}'::regrole
    and not exists (select from pg_depend d where d.classid = 'pg_type'::regclass
      and d.objid = t.oid and d.deptype = 'e')
  union all
  select 'alter schema public owner to ${owner}'
  from pg_namespace n where n.nspname = 'public' and n.nspowner = '${superuser}'::regrole`

/**
 * Makes the roles, as the superuser, where there are none, and gives the owner what is not yet its own. A
 * standby has those of the database that it follows.
 */
export async function prepareRoles(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'parley start' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ standby: boolean; known: string[] }>(
      `select pg_is_in_recovery() as standby,
         array(select rolname::text from pg_roles where rolname like 'parley\\_%') as known`,
    )
    const [{ standby, known } = { standby: true, known: [] }] = rows
    if (standby) return
    await client.query('begin')
    for (const role of roles) {
      const secret = pg.escapeLiteral(passwordOf(password, role))
      const verb = known.includes(role) ? 'alter' : 'create'
      await client.query(`${verb} role ${role} ${rights} password ${secret}`)
    }
    await client.query(`alter database ${database} owner to ${owner}`)
    await client.query(`revoke all on database ${database} from public`)
    await client.query(`grant connect on database ${database} to ${roles.join(', ')}`)
    await client.query('commit')
    // One by one, and not in one transaction: who works with the tables already would be waited for with
    // some of them locked. What is left where this ends halfway is done at the next start.
    const changes = await client.query<{ change: string }>(foreign)
    for (const { change } of changes.rows) await client.query(change)
  } finally {
    await client.end()
  }
}
