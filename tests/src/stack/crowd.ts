import pg from 'pg'

/** People whose names the client knows come by chats of up to so many. */
const listed = 90

const statements = [
  // The crowd, in the workspace.
  `create temporary table crowd on commit preserve rows as
    with made as (insert into users (username, email, password_hash)
      select format('%s %s-%s', (array['Ágnes','Björn','Chloé','Dmitri','Emre','Fatma','Grace','Hugo'])[1 + n % 8],
        (array['Müller','Yılmaz','Novák','Okafor','Rossi','Silva','Tanaka'])[1 + n % 7], n),
        format('crowd-%s-%s@example.org', $1::bigint, n), 'none'
      from generate_series(1, $2::integer) n returning id)
    select id, row_number() over (order by id) as n from made`,
  `insert into workspace_members (workspace_id, user_id) select $1, id from crowd`,
  // Channels, in which the reader is.
  `create temporary table halls on commit preserve rows as
    with made as (insert into chats (type, workspace_id, name, created_by)
      select 'public_channel', $1, format('%s-%s-%s', (array['release','support','équipe','design','café','infra'])[1 + n % 6],
        (array['berlin','tokyo','lagos','lima'])[1 + n % 4], n), $2
      from generate_series(1, $3::integer) n returning id)
    select id, row_number() over (order by id) as n from made`,
  `insert into chat_members (chat_id, user_id) select id, $1 from halls`,
  // Some of the channels have the crowd in them, so that the client knows everybody.
  `insert into chat_members (chat_id, user_id)
    select h.id, c.id from crowd c join halls h on h.n = 1 + c.n / $1::integer`,
] as const

/** So many channels that the reader is in and people whom they know, past every server. */
export async function crowdAround(
  databaseUrl: string,
  { workspace, readerId }: { workspace: number; readerId: number },
  channels: number,
  people: number,
): Promise<void> {
  const values = [
    [workspace, people],
    [workspace],
    [workspace, readerId, channels],
    [readerId],
    [listed],
  ]
  const db = new pg.Client(databaseUrl)
  await db.connect()
  for (const [index, statement] of statements.entries()) await db.query(statement, values[index])
  await db.end()
}
