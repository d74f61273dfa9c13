import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from './free-port.ts'

it('gives no port twice, and none that is taken', async () => {
  const one = await freePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(one + 1, '127.0.0.1', () => resolve()))
  const others = await Promise.all(Array.from({ length: 50 }, freePort))
  server.close()
  expect(new Set([one, one + 1, ...others]).size).toBe(52)
})
