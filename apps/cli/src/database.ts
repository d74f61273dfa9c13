import { type Config, loadConfig } from '@parley/core/config/load'
import { startPostgres } from '@parley/core/embedded/postgres'
import { runningDatabase } from '@parley/core/embedded/running'

/**
 * Runs `work` on the database, as who owns its tables: the one in DATABASE_URL, else the embedded one, which is started for
 * the time it takes unless `parley start` runs it already.
 */
export async function withDatabase<T>(
  work: (url: string, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig(process.env)
  const there =
    config.databaseUrlMigrate ?? config.databaseUrl ?? runningDatabase(config.dataDir, 'owner')
  if (there !== undefined) return work(there, config)
  const server = await startPostgres({ dataDir: config.dataDir })
  try {
    return await work(server.urlFor('owner'), config)
  } finally {
    await server.stop()
  }
}
