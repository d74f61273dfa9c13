import { setFlagsFromString } from 'node:v8'
import { runServer } from '@parley/core/process'
import { createChatServer } from './app.ts'

// In per cent: so much more than was needed last time is taken before V8 looks again what is. By itself it takes
// nearly as much again, which any crowd of requests fills once; see docs/decisions/0029-young-objects.md.
setFlagsFromString('--heap-growing-percent=30')

await runServer(createChatServer)
