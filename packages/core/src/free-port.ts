import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below what systems give to outgoing connections, which would take a port before it is used. */
const [first, last] = [20_000, 32_000]
let next = randomInt(first, last)

/**
 * A port of the loopback interface that nobody uses at this moment. A process is not given the same
 * one again for a long time, and another process most likely looks elsewhere.
 */
export async function freePort(): Promise<number> {
  for (let tries = first; tries < last; tries++) {
    const port = next
    next = port + 1 < last ? port + 1 : first
    if (await isFree(port)) return port
  }
  throw new Error('no TCP port is free')
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
