/** Serves the client from its sources, and puts what changes into the open pages. */
import { join } from 'node:path'
import { createServer } from 'vite'

const server = await createServer({ configFile: join(import.meta.dirname, 'vite.config.ts') })
await server.listen()
const stop = (): void => void server.close().then(() => process.exit(0))
process.on('SIGTERM', stop)
// Whoever started us has gone.
process.on('disconnect', stop)
