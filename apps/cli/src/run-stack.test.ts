import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { freePort } from '@parley/core/free-port'
import { until } from '@parley/core/testing/until'
import { expect, onTestFinished, test } from 'vitest'
import { alive, databasePid, pidAt, place, running, start } from './fixtures/kit.ts'

test('a start shows the addresses, and SIGTERM ends all processes with exit code 0', async () => {
  const here = await place()
  const program = start(here)
  await running(program)
  expect(program.stdout()).toContain(here.dataDir)
  expect(program.stdout()).toContain(here.chat.replace('127.0.0.1', 'localhost'))
  expect(await readFile(join(here.dataDir, 'logs', 'chat-server.log'), 'utf8')).toContain(
    '"database":true',
  )
  const pids = [await pidAt(here.chat), await pidAt(here.notify), databasePid(here.dataDir)]
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(0)
  expect(pids.filter(alive)).toEqual([])
  expect(program.stderr()).toBe('')
})

test('a killed server is started again while the other and the database go on', async () => {
  const here = await place()
  const program = start(here)
  await running(program)
  const [chat, notify, database] = [
    await pidAt(here.chat),
    await pidAt(here.notify),
    databasePid(here.dataDir),
  ]
  process.kill(chat, 'SIGKILL')
  const again = await until(async () => (await pidAt(here.chat)) !== chat, {
    what: 'a new chat server',
  })
  expect(again).toBe(true)
  expect(await pidAt(here.notify)).toBe(notify)
  expect(databasePid(here.dataDir)).toBe(database)
  await until(() => program.stderr().includes('The chat server runs again.'))
  expect(program.stderr()).toContain(
    'The chat server ended unexpectedly (signal SIGKILL) and starts again in 0.2 s.',
  )
})

test('a killed database is started again on the same port', async () => {
  const here = await place()
  const program = start(here)
  await running(program)
  const pid = databasePid(here.dataDir)
  process.kill(pid, 'SIGKILL')
  await until(() => program.stderr().includes('The database runs again.'), {
    what: 'the database',
    timeoutMs: 20_000,
  })
  expect(databasePid(here.dataDir)).not.toBe(pid)
})

test.for(['PARLEY_NOTIFY_PORT', 'PARLEY_CHAT_METRICS_PORT'])(
  'a taken %s is one sentence and exit code 1, before anything is made',
  async (variable) => {
    const here = await place()
    const port = Number((here.env[variable] ??= String(await freePort())))
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const program = start(here)
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toBe(
      `Port ${port} is taken by another program; stop it or choose another port with ${variable}.\n`,
    )
    expect(existsSync(join(here.dataDir, 'postgres'))).toBe(false)
  },
)

test('a second start on the same folder says that Parley runs already', async () => {
  const here = await place()
  const first = start(here)
  await running(first)
  const second = start(here)
  expect(await second.ended).toBe(1)
  expect(second.stderr()).toBe(
    `Parley is already running on the data folder ${here.dataDir} (process ${first.child.pid}).\n`,
  )
})

test("a server that cannot start ends everything with the server's sentence and exit code 1", async () => {
  const here = await place()
  const program = start(here, 'chat', 'refusing')
  expect(await program.ended).toBe(1)
  expect(program.stderr()).toBe('The moon is not full.\n')
  expect(alive(databasePid(here.dataDir))).toBe(false)
  await expect(pidAt(here.chat)).rejects.toThrow('fetch failed')
})

test('when the supervisor is killed, the servers and the database end by themselves', async () => {
  const here = await place()
  const program = start(here)
  await running(program)
  const pids = [await pidAt(here.chat), await pidAt(here.notify), databasePid(here.dataDir)]
  program.child.kill('SIGKILL')
  await until(() => pids.every((pid) => !alive(pid)), { what: 'all processes to end' })
})

test('Ctrl-C in the middle of a start ends it with exit code 0', async () => {
  const here = await place()
  const program = start(here)
  await until(() => existsSync(join(here.dataDir, 'postgres.running')), {
    what: 'the database to begin',
  })
  program.child.kill('SIGINT')
  expect(await program.ended).toBe(0)
  expect(alive(databasePid(here.dataDir))).toBe(false)
})
