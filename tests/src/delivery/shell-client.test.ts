import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AnyEvent, type Me } from '@parley/contract'
import { sql } from '@parley/core/db/sql'
import { parseJson } from '@parley/core/json'
import { until } from '@parley/core/testing/until'
import type { Client } from '@parley/sdk'
import type { Static } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byHand } from '../stack/by-hand.ts'
import { entitled, lastLogId } from '../stack/entitled.ts'
import type { Faults } from '../stack/http-faults.ts'
import { type HttpProxy, startHttpProxy } from '../stack/http-proxy.ts'
import { signUp } from '../stack/people.ts'
import { type Stack, startStack } from '../stack/servers.ts'

const script = fileURLToPath(new URL('./client.sh', import.meta.url))

const missing = ['sh', 'curl'].filter((name) => spawnSync(name, ['-c', ':']).error !== undefined)
const without = `there is no ${missing.join(' and no ')} here`
// On somebody's own machine that may be; where the project is tested, it would hide the test.
const skipped = missing.length > 0 && process.env['CI'] !== 'true'
if (skipped) process.stderr.write(`Skipped the client in shell: ${without}.\n`)
else if (missing.length > 0) throw new Error(without)

let proxy: HttpProxy
let faults: Faults
let stack: Stack
let folder: string
let ann: Me
let bob: Client
let chat: number
let firstId: number
let shell: ChildProcess
let [unfinished, told] = ['', '']
const broken: string[] = []
/** The machine may be busy, and the client waits for up to half a minute after several failures. */
const within = { timeoutMs: 60_000 }

beforeAll(async () => {
  proxy = await startHttpProxy()
  faults = proxy.faults
  stack = await startStack({}, { PARLEY_EVENTS_URL: proxy.url })
  proxy.leadTo({ api: stack.chatUrls[0] ?? '', events: stack.eventsUrls[0] ?? '' })
  folder = await mkdtemp(join(tmpdir(), 'parley-shell-'))
  bob = stack.client()
  await signUp(bob, 'bob', 'Acme')
  const [workspace] = (await bob.listWorkspaces()).workspaces
  await bob.updateWorkspace({
    params: { id: workspace?.id ?? 0 },
    body: { join_policy: 'open' },
  })
  ann = await signUp(stack.client(), 'ann', 'Acme')
  chat = (await bob.createChat({ body: { type: 'single', user_id: ann.id } })).id
})
afterAll(async () => {
  await stop()
  await proxy.stop()
  await stack.stop()
  await rm(folder, { recursive: true, force: true })
})

function start(): void {
  unfinished = ''
  shell = spawn('sh', [script, proxy.url, 'ann@example.org', join(folder, 'state')], {
    // A group of its own: whoever stops it stops curl too.
    detached: true,
    env: { PATH: process.env['PATH'], PARLEY_PASSWORD: 'correct horse battery staple' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  shell.stdout?.setEncoding('utf8').on('data', take)
  shell.stderr?.setEncoding('utf8').on('data', (text: string) => (told += text))
}

async function stop(): Promise<void> {
  if (shell?.pid === undefined || shell.exitCode !== null) return
  process.kill(-shell.pid)
  await once(shell, 'close')
}

const events: Static<typeof AnyEvent>[] = []

/** Takes what was printed: each line is an event of the contract. */
function take(text: string): void {
  const lines = (unfinished + text).split('\n')
  unfinished = lines.pop() ?? ''
  for (const line of lines) {
    const event = parseJson(line, AnyEvent)
    if (event === undefined) broken.push(line)
    else events.push(event)
  }
}

const places = (): string[] => events.map(({ topic, seq }) => `${topic} ${seq}`)

/** Waits until the client has everything, and expects that it has it once and in order. */
async function expectAll(): Promise<void> {
  const expected = await entitled(stack.sql, ann.id, firstId)
  await until(() => events.length >= expected.length, { what: 'all events', ...within })
  expect(broken).toEqual([])
  expect(byTopic(places())).toEqual(byTopic(expected))
}

/** The seqs of each topic, in the order in which they came. */
function byTopic(places: string[]): Record<string, number[]> {
  const topics: Record<string, number[]> = {}
  for (const place of places) {
    const [topic = '', seq] = place.split(' ')
    ;(topics[topic] ??= []).push(Number(seq))
  }
  return topics
}

/** Texts that a parser of less than JSON trips over. */
const texts = [
  'plain',
  '"seq":1,"topic":"chat:1"',
  '{"topic":"user:1","seq":99999999}',
  'two\nlines\n\ndata: no\nid: 0.1\n',
  String.raw`back\slash \" \n %s $(id) *`,
  'ünïcödé 🎉 \u2028',
  '],"has_more":true}',
]

const said = (content: string) => bob.sendMessage({ params: { id: chat }, body: { content } })
const read = (name: string) => readFile(join(folder, 'state', name), 'utf8').catch(() => '')
const write = (line: string): void => void shell.stdin?.write(`${chat} ${line}\n`)
const answers = (): string[] => told.split('\n').filter((line) => /^\d{3} /.test(line))

const live = () => until(() => faults.live > 0, { what: 'a live stream', ...within })

/** Cuts the stream in the middle of a message, so many times. */
async function cutStreams(times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await live()
    await cutStream(() => said(texts[n % texts.length] ?? ''))
  }
}

/** Cuts the stream in what it brings next, or in what something makes it bring. */
async function cutStream(something?: () => Promise<unknown>): Promise<void> {
  const before = faults.did.streamsCut
  faults.cutStreams()
  await something?.()
  await until(() => faults.did.streamsCut > before, { what: 'the cut', ...within })
}

test.skipIf(skipped)(
  'a client in shell gets every event once and in order while streams are cut, messages lost and calls refused',
  async () => {
    firstId = await lastLogId(stack.sql)
    start()
    await until(() => faults.open > 0, { what: 'the stream', ...within })
    for (const text of texts) await said(text)
    await cutStreams(4)

    // Away for a while, cut off again as it comes back, and something is missing in the middle.
    await live()
    faults.refuse(true)
    await cutStream(() => said('cut off'))
    for (let n = 0; n < 50; n++) await said('while refused')
    await until(() => faults.did.refused > 1, { what: 'refusals', ...within })
    faults.refuse(false)
    await until(() => faults.open > 0, { what: 'a stream', ...within })
    await cutStream()
    await expectAll()
    for (let n = 1; n <= 2; n++) {
      await live()
      faults.loseMessage()
      await said('lost')
      await until(() => faults.did.messagesLost === n, { what: 'the loss', ...within })
      await said('after the lost one')
    }

    // Of each kind some: chats that begin and end and begin again, edits, deletions.
    const user_ids = [ann.id]
    const group = await bob.createChat({ body: { type: 'group', user_ids, name: 'Two' } })
    const params = { id: group.id }
    for (const body of [{ remove_user_ids: user_ids }, { add_user_ids: user_ids }]) {
      const message = await bob.sendMessage({ params, body: { content: 'in the group' } })
      await bob.editMessage({
        params: { ...params, message_id: message.id },
        body: { content: 'edited' },
      })
      await bob.deleteMessage({ params: { ...params, message_id: message.id } })
      await bob.updateChat({ params, body })
      await cutStreams(1)
    }
    await bob.sendMessage({ params, body: { content: 'the last one' } })
    await expectAll()

    const kinds = new Set(events.map(({ kind }) => kind))
    for (const kind of ['NewMessage', 'NewChat', 'AddToChat', 'RemoveFromChat', 'MessageDeleted'])
      expect(kinds).toContain(kind)
    const contents = events.flatMap((event) =>
      event.kind === 'NewMessage' && event.message.chat_id === chat ? event.message.content : [],
    )
    expect(contents.slice(0, texts.length)).toEqual(texts)
    expect(faults.did.streamsCut).toBe(8)
  },
  180_000,
)

test.skipIf(skipped)(
  'what it sends is there exactly once and in order, though the answers get lost',
  async () => {
    const lines = Array.from({ length: 20 }, (_, n) => String.raw`line ${n}: "quoted" \ and 'so'`)
    faults.cutAnswers(8)
    for (const line of lines) write(line)
    await until(() => answers().length === lines.length, { what: 'answers', ...within })
    expect(faults.did.answersCut).toBe(8)
    const stored = await stack.sql.rows(sql<{ content: string; seq: number }>`
      select content, seq from messages where sender_id = ${ann.id} order by seq`)
    expect(stored.map(({ content }) => content)).toEqual(lines)
    // 200 says that an earlier attempt had done it.
    expect(answers().filter((line) => line.startsWith('200 ')).length).toBeGreaterThan(0)
    expect(answers().map((line) => Number(line.slice(4)))).toEqual(stored.map(({ seq }) => seq))
    await expectAll()
  },
  180_000,
)

test.skipIf(skipped)(
  'a token that is not valid any more is renewed, by the one who follows and the one who sends',
  async () => {
    const refresh = await read('refresh')
    await writeFile(join(folder, 'state', 'auth'), 'authorization: Bearer nonsense\n')
    const before = answers().length
    write('with a new token')
    await cutStreams(1)
    await until(() => answers().length > before, { what: 'an answer', ...within })
    expect(answers().at(-1)).toMatch(/^201 /)
    await expectAll()
    expect(await read('refresh')).not.toBe(refresh)
    expect(await read('auth')).not.toContain('nonsense')
  },
  180_000,
)

test.skipIf(skipped)(
  'where the log cannot go on it begins afresh, and goes on from there',
  async () => {
    await byHand(stack.databaseUrl, "update log_meta set epoch = 'restored'", [])
    await until(async () => (await read('cursor')).startsWith('restored.'), {
      what: 'a new cursor',
      ...within,
    })
    expect(told).toContain('resync {"reason":"epoch"}')
    await said('after the restore')
    await expectAll()
  },
  180_000,
)

test.skipIf(skipped)(
  'started again it goes on where it was',
  async () => {
    const { seq } = await said('before it stops')
    // Between printing an event and noting it, it would print it again.
    await until(async () => Number(await read(`topics/chat:${chat}`)) === seq, within)
    await stop()
    for (const text of texts) await said(text)
    start()
    await expectAll()
  },
  180_000,
)
