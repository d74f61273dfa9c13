import { startPostgres } from '@parley/core/embedded/postgres'
import type { Part } from './supervisor/part.ts'

/** The embedded database as a part. Started again, it keeps its port: the servers know no other. */
export function databasePart(
  dataDir: string,
  log: (text: string) => void,
): { part: Part; url(): string } {
  let port: number | undefined
  let url = ''
  return {
    url: () => url,
    part: {
      name: 'The database',
      async start() {
        const server = await startPostgres({ dataDir, log, ...(port && { port }) })
        ;({ port, url } = server)
        return {
          ended: server.exited.then(() => 'it was killed or ran out of something'),
          stop: () => server.stop(),
        }
      },
    },
  }
}
