import pg from 'pg'

export interface Many {
  chat: number
  /** Members of the chat, who write in turn. */
  senders: readonly [number, ...number[]]
  count: number
  text(n: number): string
}

const atOnce = 1000

/** As many messages as it says, by the function that the server sends with. */
export async function sendMany(databaseUrl: string, many: Many): Promise<void> {
  const { chat, senders, count, text } = many
  const db = new pg.Client(databaseUrl)
  await db.connect()
  for (let sent = 0; sent < count; sent += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, count - sent) }, (_, n) => sent + n)
    const nothing = numbers.map(() => null)
    await db.query('select send_messages($1, $2, $3, $4, $5, $6, 10000)', [
      numbers.map(() => chat),
      numbers.map((n) => senders[n % senders.length]),
      numbers.map(text),
      nothing,
      nothing,
      nothing,
    ])
  }
  await db.end()
}
