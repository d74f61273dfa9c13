/** `npm run faults:bugs`: whether the fault suite finds bugs that were put into the servers. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { columns } from '../report/words.ts'
import { type Bug, readBugs } from './bugs.ts'
import { makeCopy, root } from './copy.ts'
import { type Verdict, tryFaults } from './trial.ts'

const help = `npm run faults:bugs -- [options] [01-name …]

  --control    the same fault runs without the bugs: each of them must pass
  --times N    so many times each (1)
  --list       the bugs

A bug is named by the beginning of its name: 01.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    control: { type: 'boolean', default: false },
    times: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

/** What is tried, and how it must end. */
interface Trial {
  name: string
  run: string[]
  patch: Bug['patch']
  /** Where one of these has to find something; where none of all may: undefined. */
  foundBy: string[] | undefined
}

const trialOf = ({ name, run, patch, checks }: Bug): Trial => ({
  name,
  run,
  patch,
  foundBy: checks,
})

/** Each run once, in the tree as it is. */
function controls(bugs: readonly Bug[]): Trial[] {
  const runs = new Map(bugs.map(({ run }) => [run.join(' '), run]))
  return Array.from(runs, ([name, run]) => ({ name, run, patch: [], foundBy: undefined }))
}

const fulfils = ({ foundBy }: Trial, { red, passed }: Verdict): boolean =>
  foundBy ? foundBy.some((id) => red.includes(id)) : passed

/** What a run said is kept: a bug that was not found is to be understood. */
async function keep(name: string, output: string): Promise<void> {
  const folder = join(root, '.faults', 'seeded-bugs')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${name.replaceAll(/[^\w,]+/g, '-')}.txt`), output)
}

async function attempt(trial: Trial, signal: AbortSignal): Promise<string[]> {
  const copy = await makeCopy(trial.patch)
  try {
    const verdict = await tryFaults(copy, trial.run, signal)
    await keep(trial.name, verdict.output)
    const passed = fulfils(trial, verdict)
    const found = verdict.red.join(', ') || (verdict.passed ? 'nothing' : 'no verdict')
    const row = [
      passed ? 'ok' : 'FAILED',
      trial.name,
      trial.run.join(' '),
      trial.foundBy?.join(', ') ?? 'nothing',
      found,
      verdict.seconds.toFixed(0),
    ]
    console.log(row.join('  '))
    return row
  } finally {
    await copy.remove()
  }
}

function chosen(): Bug[] {
  const bugs = readBugs()
  const unknown = positionals.find((name) => !bugs.some((bug) => bug.name.startsWith(name)))
  if (unknown !== undefined) throw new Error(`There is no bug ${unknown}; --list shows all.`)
  return positionals.length === 0
    ? bugs
    : bugs.filter((bug) => positionals.some((name) => bug.name.startsWith(name)))
}

async function main(): Promise<void> {
  const bugs = chosen()
  if (values.help) return console.log(help)
  if (values.list) {
    for (const { name, says, checks, run } of bugs) {
      console.log(`${name}: ${checks.join(', ')} in ${run.join(' ')}\n    ${says}`)
    }
    return
  }
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
  const trials = values.control ? controls(bugs) : bugs.map(trialOf)
  const rows: string[][] = []
  for (const trial of trials) {
    for (let n = 0; n < Number(values.times) && !stopping.signal.aborted; n++) {
      rows.push(await attempt(trial, stopping.signal))
    }
  }
  const heading = ['', values.control ? 'run' : 'bug', 'faults', 'to be found by', 'found by', 's']
  console.log(['', ...columns([heading, ...rows], [5]), ''].join('\n'))
  const passed = rows.filter(([word]) => word === 'ok').length
  console.log(`${passed} passed, ${rows.length - passed} failed`)
  process.exitCode = passed === rows.length && !stopping.signal.aborted ? 0 : 1
}

await main()
