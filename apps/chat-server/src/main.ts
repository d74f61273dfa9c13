import { runServer } from '@parley/core/process'
import { createChatServer } from './app.ts'

await runServer(createChatServer)
