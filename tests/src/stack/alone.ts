import { startParley } from './parley.ts'

/** Starts a stack as a worker of tests does, says what it is made of, and waits to be killed. */
const parley = await startParley()
process.stdout.write(`${JSON.stringify({ pids: parley.pids(), dataDir: parley.dataDir })}\n`)
setInterval(() => undefined, 60_000)
