import { machineClock } from '@parley/core/clock'
import { sql } from '@parley/core/db/sql'
import { loadSecrets } from '@parley/core/secrets'
import { issueToken } from '@parley/core/tokens/issue'
import { signingKey } from '@parley/core/tokens/keys'
import { createClient } from '@parley/sdk'
import { type Cluster, chatNames, publicUrl } from '../cluster/cluster.ts'
import { type Person, addressOf, sessionWith } from '../load/people.ts'

/** The chat that they are all in, and where a client of it begins. */
export interface Square {
  chat: number
  seq: number
  cursor: string
}

export interface Member {
  id: number
  name: string
  token: string
}

export interface Crowd {
  square: Square
  members: Member[]
}

/** A private channel of the load's people, and thousands more in it, made as fast as SQL makes them. */
export async function makeCrowd(
  cluster: Cluster,
  people: readonly [Person, ...Person[]],
  count: number,
): Promise<Crowd> {
  const [owner, ...others] = people
  const client = createClient({ url: addressOf(cluster, chatNames[0]), token: owner.main.token })
  const user_ids = others.map(({ id }) => id)
  const chat = await client.createChat({
    body: { type: 'private_channel', name: 'square', user_ids },
  })
  const { database, dataDir } = cluster
  const { masterKey } = loadSecrets({ dataDir, masterKey: undefined, masterKeyFile: undefined })
  const key = await signingKey(database.sql, masterKey)
  const made = await insert(cluster, chat.id, count)
  const members: Member[] = []
  for (const { id, session } of made) {
    members.push({
      id,
      name: `c${id}`,
      token: await issueToken(key, publicUrl, id, session, machineClock),
    })
  }
  return { square: await beginning(cluster, chat.id), members }
}

/** One of them as somebody who does what the load's people do. */
export const personOf = (cluster: Cluster, { id, name, token }: Member): Person => ({
  id,
  name,
  main: sessionWith(cluster, token),
  contents: new Map(),
  refreshTokens: new Map(),
})

/** People with a session each, who join the chat's workspace and the chat. */
async function insert(
  { database }: Cluster,
  chat: number,
  count: number,
): Promise<{ id: number; session: number }[]> {
  return database.sql.transaction(async (db) => {
    const made = await db.rows(sql<{ id: number; session: number }>`
      with made as (
        insert into users (username, email, password_hash)
        select concat('c', n), concat('c', n, '@example.org'), '-'
        from generate_series(1, ${count}::integer) n returning id
      )
      insert into sessions (user_id, current_hash)
      select id, sha256(convert_to(concat('crowd ', id), 'UTF8')) from made
      returning user_id as id, id as session`)
    const ids = made.map(({ id }) => id)
    await db.run(sql`
      insert into workspace_members (workspace_id, user_id, joined_seq)
      select c.workspace_id, u.id, 0 from chats c, unnest(${ids}::bigint[]) u (id)
      where c.id = ${chat} and c.workspace_id is not null`)
    await db.run(sql`
      insert into chat_members (chat_id, user_id)
      select ${chat}, u.id from unnest(${ids}::bigint[]) u (id)`)
    return made
  })
}

/** As in a bootstrap: the seq and the cursor of one moment. */
async function beginning({ database }: Cluster, chat: number): Promise<Square> {
  const { seq, cursor } = await database.sql.one(sql<{ seq: number; cursor: string | null }>`
    select last_seq as seq, log_cursor()::text as cursor from topics where id = ${chat}`)
  return { chat, seq, cursor: cursor ?? '' }
}
