import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'
import { activeKid, call, everywhere, kidOf, parley, person, refresh, stream } from './kit.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ chat: 2, notify: 2 }, { PARLEY_RATE_LIMITS: 'off' })
})
afterAll(() => stack.stop())

/** Does something over and over; counts the outcomes by status, until it is told to stop. */
function over(what: (n: number) => Promise<number>) {
  const outcomes = new Map<string, number>()
  const stopping = new AbortController()
  const ended = (async () => {
    for (let n = 0; !stopping.signal.aborted; n++) {
      const outcome = await what(n).then(String, String)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
  })()
  return async () => {
    stopping.abort()
    await ended
    return outcomes
  }
}

const at = (urls: readonly string[], n: number): string => urls[n % urls.length] ?? ''

test('AU-05: keys rotate twice under load and no call, refresh or stream fails; an old token is good until its key has had its time', async () => {
  const [ann, bob] = [await person(stack, 'ann'), await person(stack, 'bob')]
  const oldest = ann.token
  const first = await activeKid(stack)
  const { chatUrls, eventsUrls } = stack
  const loops = {
    'calls by the oldest token': over((n) => call(at(chatUrls, n), oldest)),
    'calls by the newest token': over((n) => call(at(chatUrls, n), bob.token)),
    'streams by the oldest token': over((n) => stream(at(eventsUrls, n), oldest)),
    'streams by the newest token': over((n) => stream(at(eventsUrls, n), bob.token)),
    refreshes: over((n) => refresh(at(chatUrls, n), bob)),
  }
  const kids = [first]
  for (let n = 0; n < 2; n++) {
    const { code, stdout, stderr } = await parley(stack, 'keys rotate --now')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const kid = await activeKid(stack)
    expect(stdout).toContain(`The key ${kid} signs now.`)
    kids.push(kid)
    // Each chat-server signs by it.
    for (const url of chatUrls) {
      await refresh(url, ann)
      expect(kidOf(ann.token)).toBe(kid)
      expect(await everywhere(stack, ann.token)).toEqual([200, 200, 200, 200])
    }
  }
  expect(new Set(kids).size).toBe(3)
  for (const [name, stop] of Object.entries(loops)) {
    const outcomes = await stop()
    expect([name, [...outcomes.keys()]]).toEqual([name, ['200']])
    expect(outcomes.get('200')).toBeGreaterThan(20)
  }

  expect(await everywhere(stack, oldest)).toEqual([200, 200, 200, 200])
  await stack.sql.run(sql`
    update signing_keys set accepted_until = clock_timestamp() where kid = ${first}`)
  await until(async () => (await everywhere(stack, oldest)).every((status) => status === 401), {
    timeoutMs: 2_000,
    what: 'the end of the oldest key',
  })
  expect(await everywhere(stack, ann.token)).toEqual([200, 200, 200, 200])
}, 90_000)
