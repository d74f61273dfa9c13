import { expect, test } from 'vitest'
import { until } from './until.ts'

test('until returns the first truthy answer', async () => {
  let asked = 0
  expect(await until(() => ++asked === 3 && 'here')).toBe('here')
  expect(asked).toBe(3)
})

test('until counts an error as not yet and names what it waited for when time is up', async () => {
  const never = until(() => Promise.reject(new Error('no such row')), {
    timeoutMs: 20,
    what: 'the row',
  })
  await expect(never).rejects.toMatchObject({
    message: 'Waited 20 ms for the row.',
    cause: { message: 'no such row' },
  })
})
