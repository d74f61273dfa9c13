import { migrate } from '@parley/core/db/migrate'
import { createTestDatabase } from '@parley/core/testing/database'
import { until } from '@parley/core/testing/until'
import { createClient } from '@parley/sdk'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openLink } from '../faults/network/link.ts'
import { oneOfEach } from '../stack/one-of-each.ts'
import { follow, signUp } from '../stack/people.ts'

test('a database half a second away is found again after all connections to it broke', async () => {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  await migrate(database.url)
  const url = new URL(database.url)
  const link = await openLink('servers>db', Number(url.port), Math.random)
  onTestFinished(() => link.stop())
  url.port = String(link.port)
  const folder = await mkdtemp(join(tmpdir(), 'parley-far-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const servers = await oneOfEach(url.href, folder)
  await servers.start('chat', 'notify')
  onTestFinished(() => servers.stop('notify', 'chat'))
  const client = createClient({ url: servers.url, eventsUrl: servers.eventsUrl })
  await signUp(client, 'ann', 'Acme')
  const ann = await follow(client)
  onTestFinished(() => ann.stream.close())
  const id = (await client.listChats({ query: {} })).chats[0]?.id ?? 0

  link.set('up', { delayMs: 250 })
  link.set('down', { delayMs: 250 })
  link.reset()
  const body = { content: 'from afar', nonce: 'afar' }
  await client.sendMessage({ params: { id }, body }, { retryLimitMs: 20_000 })
  const heard = () =>
    ann.events.some((event) => event.kind === 'NewMessage' && event.message.nonce === 'afar')
  await until(heard, { what: 'the message', timeoutMs: 25_000 })
  expect(ann.resyncs).toEqual([])
  link.heal()
}, 60_000)
