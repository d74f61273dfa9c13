import { setTimeout as delay } from 'node:timers/promises'
import { until } from '@parley/core/testing/until'
import { bounds } from '../../check/bounds.ts'
import type { ServerName } from '../../cluster/cluster.ts'
import type { ServerProcess } from '../../cluster/server.ts'
import { type Field, during } from '../fault.ts'
import { type Room, confine, openOf } from './limits.ts'

/** Connections more than before, of its pool and its usual clients. */
const spare = 20

/** The restarts are an excuse; the time between them, in which the server has to live, is not. */
export async function underLimit(
  field: Field,
  name: ServerName,
  room: Room,
  work: (server: ServerProcess) => Promise<number>,
): Promise<number> {
  const server = field.cluster.servers[name]
  const slows = name.startsWith('chat') ? ('nothing' as const) : ('partition' as const)
  const restart = (target: string, start: () => Promise<void>) =>
    during(field, { fault: 'F30', target: `${name} ${target}`, slows }, async () => {
      await start()
      await field.cluster.ready()
    })
  await restart('is given little', () => confine(server, room))
  try {
    // Until then a restart excuses that somebody is refused.
    await delay(bounds.recovery)
    const little = { fault: 'F30', target: `${name} has little`, excuses: false }
    return await during(field, little, async () => {
      const before = openOf(server)
      const count = await work(server)
      await until(() => server.pid === undefined || openOf(server) <= before + spare, {
        timeoutMs: 20_000,
        what: `${name} to let go of those who did not read`,
      })
      // For one more look at it, as it is without them.
      await delay(1500)
      return count
    })
  } finally {
    await restart('has its own again', async () => {
      await server.stop()
      await server.start()
    })
  }
}
