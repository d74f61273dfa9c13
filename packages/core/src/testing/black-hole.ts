import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'

/**
 * A way to a server that can swallow everything, as a network does that was cut: no connection is
 * refused, none breaks, and nothing arrives.
 */
export interface BlackHole {
  /** The server's URL, by this way. */
  url: string
  /** From here on nothing comes through, in either direction, on old connections and new ones. */
  swallow(): void
  /** Lets new connections through. What was open goes on where it was, or stays dead for ever. */
  heal(old: 'goes on' | 'stays dead'): void
  /** Connections that are open to it, dead ones too. */
  connections(): number
  stop(): Promise<void>
}

/** One connection and its other half, which is made when nothing swallows. */
interface Pair {
  inward: Socket
  outward: Socket | undefined
}

export async function startBlackHole(url: string): Promise<BlackHole> {
  const target = new URL(url)
  const pairs = new Set<Pair>()
  let swallowing = false

  function lead(pair: Pair): void {
    if (pair.outward === undefined) {
      pair.outward = connect(Number(target.port), target.hostname)
      join(pair, pair.inward, pair.outward)
      join(pair, pair.outward, pair.inward)
    }
    pair.inward.resume()
    pair.outward.resume()
  }

  function join(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (bytes) => to.write(bytes))
    from.on('error', () => undefined)
    // A dead way carries no end of a connection either.
    from.on('close', () => {
      if (swallowing || from.isPaused()) return
      pairs.delete(pair)
      to.destroy()
    })
  }

  const server = createServer({ pauseOnConnect: true }, (inward) => {
    const pair: Pair = { inward, outward: undefined }
    pairs.add(pair)
    inward.on('error', () => undefined)
    inward.on('close', () => pair.outward === undefined && pairs.delete(pair))
    if (!swallowing) lead(pair)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const through = new URL(url)
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  return {
    url: through.href,
    swallow() {
      swallowing = true
      for (const { inward, outward } of pairs) {
        inward.pause()
        outward?.pause()
      }
    },
    heal(old) {
      swallowing = false
      if (old === 'goes on') for (const pair of pairs) lead(pair)
    },
    connections: () => [...pairs].filter(({ inward }) => !inward.destroyed).length,
    async stop() {
      for (const { inward, outward } of pairs) {
        inward.destroy()
        outward?.destroy()
      }
      server.close()
      await once(server, 'close')
    },
  }
}
