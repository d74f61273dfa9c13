/** `node tests/src/access/main.ts --graphs 10000`: as many random memberships as one has time for. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate } from '@parley/core/db/migrate'
import { startPostgres } from '@parley/core/embedded/postgres'
import { startOver } from '../stack/over.ts'
import { runGraphs, summary } from './graphs/run.ts'

const { values } = parseArgs({
  options: {
    graphs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
})
const [graphs, seed] = [Number(values.graphs), Number(values.seed)]
if (!Number.isInteger(graphs) || graphs < 1 || !Number.isInteger(seed)) {
  console.error('--graphs and --seed are whole numbers.')
  process.exit(2)
}

const folder = await mkdtemp(join(tmpdir(), 'parley-access-'))
// Nothing in it outlives the run, so it need not wait for the disk.
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
const postgres = await startPostgres({ dataDir: folder, settings })
await migrate(postgres.url)
const stack = await startOver({ url: postgres.url, drop: () => postgres.stop('immediate') })
let played = 0
const report = await runGraphs(stack, {
  graphs,
  seed,
  played() {
    if (++played % 500 === 0) console.log(`${played} graphs`)
  },
})
await stack.stop()
await rm(folder, { recursive: true, force: true })
if (report.failure !== undefined) console.log(report.failure)
console.log(summary(report, seed).trim())
console.log(report.failure === undefined ? '1 passed, 0 failed' : '0 passed, 1 failed')
// Not by letting the loop run empty: Node 24 can wait for ever, busily, for a socket that was reset.
process.exit(report.failure === undefined ? 0 : 1)
