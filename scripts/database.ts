import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@parley/core/db/migrate'
import { startPostgres } from '@parley/core/embedded/postgres'

/** Runs `work` against a fresh, migrated database of its own, which is gone afterwards. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-check-'))
  const server = await startPostgres({ dataDir, settings: { fsync: 'off' } })
  try {
    await migrate(server.url)
    return await work(server.url)
  } finally {
    await server.stop('immediate')
    await rm(dataDir, { recursive: true, force: true })
  }
}
