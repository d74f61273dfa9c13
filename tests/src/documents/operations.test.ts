import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { embeddedRoles, owner } from '@parley/core/embedded/url'
import { freePort } from '@parley/core/testing/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'

const page = readFileSync(
  fileURLToPath(new URL('../../../docs/operations.md', import.meta.url)),
  'utf8',
)

let stack: Stack
let metrics: string

beforeAll(async () => {
  const ports = [await freePort(), await freePort()]
  const [chat, notify] = ports.map(String)
  stack = await startStack(
    {},
    { PARLEY_CHAT_METRICS_PORT: chat ?? '', PARLEY_NOTIFY_METRICS_PORT: notify ?? '' },
  )
  const read = async (port: number) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  metrics = (await Promise.all(ports.map(read))).join('\n')
})
afterAll(() => stack.stop())

/** All that the pattern finds, once each. */
const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted()

test('the page for operators names each metric of the servers, and no other', () => {
  const served = found(metrics, /^# TYPE (parley_\w+) /gm)
  expect(served.length).toBeGreaterThan(15)
  const roles = new Set<string>([owner, ...Object.values(embeddedRoles)])
  const named = found(page, /`(parley_\w+)`/g).filter((name) => !roles.has(name))
  expect(named).toEqual(served)
})

test('it names every reason for which a stream ends or is refused', () => {
  const reasons = found(metrics, /^parley_stream_\w+_total\{reason="(\w+)"\}/gm)
  expect(reasons.length).toBeGreaterThan(10)
  const named = new Set(found(page, /`(\w+)`/g))
  expect(reasons.filter((reason) => !named.has(reason))).toEqual([])
})
