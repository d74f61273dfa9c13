import pg from 'pg'

/** Runs a statement as somebody at a psql prompt would, past every server. */
export async function byHand(
  databaseUrl: string,
  statement: string,
  values: unknown[],
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(statement, values)
  await client.end()
}
