import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { faults } from './nemesis/all.ts'
import { shuffledTurns } from './nemesis/schedule.ts'
import { createRandom } from './random.ts'
import { run } from './run/run.ts'

const ids = (process.argv[2] ?? '').split(',').filter(Boolean)
const seed = Number(process.argv[3] ?? 1)
const folder = await mkdtemp(join(tmpdir(), 'parley-faults-'))
console.log(folder)
const chosen = faults.filter(({ id }) => ids.includes(id))
const turns = shuffledTurns(chosen, createRandom(seed))
const t0 = performance.now()
const history = await run({ plan: { seed, faults: ids, seconds: 5, clients: 8 }, turns, folder })
console.log((performance.now() - t0) / 1000)
await writeFile(join(folder, 'history.json'), JSON.stringify(history))
const count: Record<string, number> = {}
for (const e of history.entries) { const k = e.type + (e.type === 'return' ? ' ' + e.outcome + ' ' + (e.code ?? '') : e.type === 'signal' ? ' ' + e.kind + ' ' + (e.reason ?? '') : e.type === 'evidence' ? ` ${e.fault} ${e.what}` : ''); count[k] = (count[k] ?? 0) + 1 }
console.log(count, history.final.stuck, history.final.states.filter(s => s.differences.length))
process.exit(0)
