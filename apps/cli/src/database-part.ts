import { type Postgres, startPostgres } from '@parley/core/embedded/postgres'
import type { Part } from './supervisor/part.ts'

/** The embedded database as a part. Started again, it keeps its port: the servers know no other. */
export function databasePart(
  dataDir: string,
  log: (text: string) => void,
): { part: Part; url: Postgres['urlFor'] } {
  let server: Postgres | undefined
  return {
    url(role) {
      if (server === undefined) throw new Error('the database was not started')
      return server.urlFor(role)
    },
    part: {
      name: 'The database',
      async start() {
        const { port } = server ?? {}
        const started = await startPostgres({ dataDir, log, ...(port && { port }) })
        server = started
        return {
          ended: started.exited.then(() => 'it was killed or ran out of something'),
          stop: () => started.stop(),
        }
      },
    },
  }
}
