import { createLog } from '@parley/core/log'
import { until } from '@parley/core/testing/until'
import { expect, test } from 'vitest'
import { repeat } from './repeat.ts'

const log = createLog('test', 'silent')

test('a work is done again after each time, sooner where it failed, and one at a time', async () => {
  let [times, atOnce, most] = [0, 0, 0]
  const stop = repeat({ log, everyMs: 3_600_000, againMs: 1, failed: 'it failed' }, async () => {
    most = Math.max(most, ++atOnce)
    await Promise.resolve()
    atOnce--
    if (++times < 5) throw new Error('not yet')
  })
  await until(() => times === 5)
  await stop()
  expect([times, most]).toEqual([5, 1])
})

test('its end waits for what is being done, which hears of it, and nothing comes after', async () => {
  const begun = Promise.withResolvers<void>()
  let [times, heard] = [0, false]
  const stop = repeat({ log, everyMs: 0, failed: 'it failed' }, async (stopped) => {
    times++
    begun.resolve()
    heard = await until(stopped)
  })
  await begun.promise
  await stop()
  expect([times, heard]).toEqual([1, true])
})
