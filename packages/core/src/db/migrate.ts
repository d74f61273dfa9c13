import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate'
import pg from 'pg'
import { StartError, errorCode } from '../start-error.ts'
import { type ServerRoles, grantRoles } from './roles.ts'

/** `NNNN_noun.sql` files, applied in the order of their numbers. */
const migrationsFolder = fileURLToPath(new URL('../../../../db/migrations', import.meta.url))

const table = 'migrations'
const oldest = 15

/**
 * Brings the database up to date and returns the names of the migrations it applied. All of them are
 * one transaction: a failed upgrade leaves the database as it was, still good for the old version.
 * Several servers may start at once; the others wait for the first. Those whom the servers connect as are
 * granted what they need.
 */
export async function migrate(
  url: string,
  roles?: ServerRoles,
  folder = migrationsFolder,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'parley migrate' })
  client.on('error', () => undefined)
  await client.connect().catch((cause: unknown) => {
    throw new StartError(`Cannot connect to the database: ${reason(cause)}.`, { cause })
  })
  try {
    await requireVersion(client)
    // Taken here and not by the runner, so that what is checked stays true until it is applied.
    await client.query('select pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID])
    await requireKnown(client, folder).catch(onlyOwner)
    const applied = await apply(client, folder)
    if (roles) await grant(client, roles)
    return applied
  } finally {
    // The lock goes with the connection.
    await client.end()
  }
}

/** Who owns the tables may read which migrations they have had; the servers' roles may not. */
function onlyOwner(cause: unknown): never {
  if (errorCode(cause) !== '42501') throw cause
  throw new StartError(
    'The role of the database may not migrate it; PARLEY_DATABASE_URL_MIGRATE is for the one that owns its tables.',
    { cause },
  )
}

async function apply(client: pg.Client, folder: string): Promise<string[]> {
  let current = ''
  const remember = (line: string): void => {
    current = line.match(/^### MIGRATION (\S+)/)?.[1] ?? current
  }
  try {
    const applied = await runner({
      dbClient: client,
      dir: folder,
      // Anything else in the folder (a README, an editor's backup) is no migration.
      ignorePattern: String.raw`(?!\d{4}_\w+\.sql$).*`,
      direction: 'up',
      migrationsTable: table,
      migrationsSchema: 'public',
      singleTransaction: true,
      noLock: true,
      logger: { info: remember, warn: remember, error: remember },
    })
    return applied.map(({ name }) => name)
  } catch (cause) {
    const where =
      current === '' ? 'The database cannot be migrated' : `The migration ${current}.sql failed`
    throw new StartError(`${where} (${reason(cause)}); nothing was changed.`, { cause })
  }
}

async function grant(client: pg.Client, roles: ServerRoles): Promise<void> {
  await grantRoles(client, roles).catch((cause: unknown) => {
    throw new StartError(
      `The roles that the servers connect as cannot be given their rights (${reason(cause)}).`,
      { cause },
    )
  })
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  const version = rows[0]?.server_version ?? ''
  if (Number.parseInt(version) < oldest)
    throw new StartError(
      `The database runs PostgreSQL ${version}; Parley needs PostgreSQL ${oldest} or newer.`,
    )
}

async function requireKnown(client: pg.Client, folder: string): Promise<void> {
  const { rows: tables } = await client.query('select where to_regclass($1) is not null', [
    `public.${table}`,
  ])
  if (tables.length === 0) return
  const { rows } = await client.query<{ name: string }>(
    `select name from public.${table} order by id`,
  )
  const files = new Set(await readdir(folder))
  const unknown = rows.find(({ name }) => !files.has(`${name}.sql`))
  if (unknown)
    throw new StartError(
      `The database was made by a newer Parley (it has the migration ${unknown.name}, which this version does not know); install that version or restore an older backup.`,
    )
}

const reason = (error: unknown): string =>
  (error instanceof Error && (error.message || errorCode(error))) || String(error)
