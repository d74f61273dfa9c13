import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call } from '../input/world.ts'
import { type RunningParley, startParley } from '../stack/parley.ts'

let parley: RunningParley
let token: string
beforeAll(async () => {
  parley = await startParley({
    PARLEY_RATE_LIMITS: 'off',
    NODE_OPTIONS: `--import ${new URL('preload.ts', import.meta.url).href}`,
  })
  const body = {
    username: 'ada',
    email: 'ada@example.org',
    password: 'correct horse battery staple',
  }
  token = String((await call(parley.url, 'POST', '/api/signup', { body })).token)
}, 120_000)
afterAll(() => parley.stop())

/** Ends when the stream does, however that is. */
async function toTheEnd(stream: ReadableStreamDefaultReader<Uint8Array> | undefined) {
  try {
    while (!(await stream?.read())?.done) continue
  } catch {
    // Its connection broke.
  }
}

test.for(['chat-server', 'notify-server'] as const)(
  'OP-03: a rejection that nobody takes ends the %s, is logged without its words, and it starts again',
  async (name) => {
    const { body } = await fetch(parley.eventsUrl, {
      headers: { authorization: `Bearer ${token}` },
    })
    const stream = body?.getReader()
    await stream?.read()
    const victim = await until(() => parley.pid(name), { what: `the ${name}` })
    process.kill(victim, 'SIGUSR2')
    // No reader is left with a stream that says nothing.
    if (name === 'notify-server') await toTheEnd(stream)
    await until(async () => parley.pid(name) !== victim && parley.ready(), {
      timeoutMs: 40_000,
      what: `a new ${name}`,
    })
    // That of the other server goes on.
    const goesOn = name === 'chat-server' && !(await stream?.read())?.done
    expect(goesOn).toBe(name === 'chat-server')
    await stream?.cancel().catch(() => undefined)

    const log = readFileSync(join(parley.dataDir, 'logs', `${name}.log`), 'utf8')
    const line = log.split('\n').find((one) => one.includes('a bug ended'))
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      level: 60,
      pid: victim,
      err: { type: 'Error', stack: expect.stringContaining('    at ') },
    })
    expect(log + parley.output()).not.toContain('CaNaRy')
    expect(parley.output()).toContain('ended unexpectedly (exit code 1)')
  },
)
