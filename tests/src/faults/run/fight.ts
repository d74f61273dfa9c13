import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { check } from '../check/check.ts'
import type { Report } from '../check/report.ts'
import { type Minima, verdict } from '../check/vacuity.ts'
import type { History } from '../history/entry.ts'
import { table } from '../report/table.ts'
import { timeline } from '../report/timeline.ts'
import { replayCommand } from '../report/words.ts'
import { copyLogs, dump, emptyFolder, writeHistory } from './artefacts.ts'
import { minimaOf } from './minima.ts'
import type { Battle } from './profiles.ts'
import { run } from './run.ts'

/** Checks that held, and that did not; that enough happened is one of them. */
export interface Score {
  passed: number
  failed: number
}

/** A run from its plan to its verdict: prints the table, and keeps what explains a red one. */
export async function fight(battle: Battle, keep: boolean): Promise<Score> {
  const { plan, turns } = battle
  const began = performance.now()
  const work = await mkdtemp(join(tmpdir(), 'parley-faults-'))
  const kept = await emptyFolder(`seed-${plan.seed}`)
  const names = turns.map(({ fault, variant }) => `${fault.name} ${variant}`)
  console.log(`\nSeed ${plan.seed}: ${names.join(', ') || 'no faults'}`)
  let score: Score = { passed: 0, failed: 1 }
  let green = false
  try {
    await run({
      plan,
      turns,
      folder: work,
      async whileRunning(cluster, history, played) {
        const minima = minimaOf(played)
        const report = check(history)
        const text = table(report, minima)
        console.log(text)
        score = scoreOf(report, minima)
        green = score.failed === 0
        if (green && !keep) return
        await dump(kept, cluster)
        await explain(kept, history, report, text)
      },
    })
  } catch (error) {
    green = false
    score = { ...score, failed: Math.max(1, score.failed) }
    console.log(`The run could not be finished. Again: ${replayCommand(plan)}`)
    console.log(error)
  }
  if (green && !keep) await rm(kept, { recursive: true })
  else {
    await copyLogs(work, kept)
    console.log(`Kept in ${relative(process.cwd(), kept)}.`)
  }
  await rm(work, { recursive: true, force: true })
  console.log(`Seed ${plan.seed} took ${((performance.now() - began) / 1000).toFixed(0)} s.`)
  return score
}

function scoreOf(report: Report, minima: Minima): Score {
  const red = report.checks.filter(({ count }) => count > 0).length
  const vacuous = red === 0 && verdict(report, minima) !== 'passed' ? 1 : 0
  return { passed: report.checks.length + 1 - red - vacuous, failed: red + vacuous }
}

async function explain(
  folder: string,
  history: History,
  report: Report,
  text: string,
): Promise<void> {
  await writeHistory(folder, history)
  await writeFile(join(folder, 'timeline.svg'), timeline(history, report))
  await writeFile(join(folder, 'table.txt'), `${text}\n`)
}
