import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningParley, startParley } from '../stack/parley.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const readme = readFileSync(`${root}/README.md`, 'utf8')

/** The README's shell blocks by their names; the one without a name is how Parley is started. */
const blocks = new Map(
  [...readme.matchAll(/^```sh ?([\w-]*)\n([^]*?)^```$/gm)].map(([, name = '', lines = '']) => [
    name,
    lines,
  ]),
)

let parley: RunningParley
const shells: ChildProcess[] = []

beforeAll(async () => {
  parley = await startParley()
}, 90_000)
afterAll(async () => {
  for (const shell of shells)
    if (shell.pid !== undefined && shell.exitCode === null) process.kill(-shell.pid)
  await parley.stop()
})

/** Runs a block as it stands; only the two addresses are those of this test. */
function run(name: string): { output: () => string; ended: Promise<number | null> } {
  const lines = blocks.get(name) ?? ''
  const script = lines
    .replaceAll('http://localhost:6688', parley.url)
    .replaceAll('http://localhost:6687/events', parley.eventsUrl)
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: root,
    detached: true,
    env: {
      ...process.env,
      PARLEY_DATA_DIR: parley.dataDir,
      PARLEY_CHAT_PORT: new URL(parley.url).port,
      PARLEY_NOTIFY_PORT: new URL(parley.eventsUrl).port,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  shells.push(shell)
  let output = ''
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  return { output: () => output, ended: once(shell, 'exit').then(() => shell.exitCode) }
}

test('each command of the README is known to this test', () => {
  expect([...blocks.keys()]).toEqual([
    '',
    'first-terminal',
    'second-terminal',
    'demo',
    'configuration',
    'develop',
  ])
  // Run by the continuous integration in a fresh clone; `npm start` is what serves this test.
  expect(blocks.get('')).toBe('npm install && npm start\n')
  expect(blocks.get('develop')).toBe('npm run check\nnpm test\n')
})

test('the first steps: what one person sends in one terminal appears in the other', async () => {
  const first = run('first-terminal')
  await until(() => first.output().includes('event: ready'), { what: 'the stream of Ann' })
  const second = run('second-terminal')
  expect(await second.ended).toBe(0)
  await until(() => first.output().includes('event: NewMessage'), { what: 'the message' })
  expect(first.output()).toContain('"content":"Hello Ann!"')
})

test('the demo prints three accounts, one of which signs in', async () => {
  const seed = run('demo')
  expect(await seed.ended).toBe(0)
  const [, email, password] = /(\S+@\S+)\s+(\S+)/.exec(seed.output()) ?? []
  const response = await fetch(`${parley.url}/api/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  expect(response.status).toBe(200)
})

test('the configuration lists each variable that the README names', async () => {
  const config = run('configuration')
  expect(await config.ended).toBe(0)
  for (const [, names = ''] of readme.matchAll(/^\| (`[A-Z_`, ]+) \|/gm)) {
    for (const [, name = ''] of names.matchAll(/`(\w+)`/g)) expect(config.output()).toContain(name)
  }
})

test('the page that the README points to is there', async () => {
  const page = await fetch(parley.url)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toContain('text/html')
})
