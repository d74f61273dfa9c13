import { runServer } from '@parley/core/process'
import { createNotifyServer } from './app.ts'

await runServer(createNotifyServer)
