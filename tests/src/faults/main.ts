/** `npm run faults`: runs with faults, judged by what everybody saw. */
import { faults } from './nemesis/all.ts'
import { fight } from './run/fight.ts'
import { type Options, help, parseOptions } from './run/options.ts'
import { type Battle, battlesOf, ownBattle } from './run/profiles.ts'

function read(): Options | undefined {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    console.error('`npm run faults -- --help` shows what it takes.')
    process.exitCode = 2
    return undefined
  }
}

function battles(options: Extract<Options, { does: 'run' | 'profile' }>): Battle[] {
  if (options.does === 'profile') {
    return battlesOf(options.profile).filter(
      ({ plan }) => options.seed === undefined || plan.seed === options.seed,
    )
  }
  const { seed, seconds, clients } = options
  const ids = options.faults.map(({ id }) => id)
  return [ownBattle({ seed, seconds, clients, faults: ids }, options.faults)]
}

/** Without what this machine cannot do, which it says. */
function possible({ plan, turns }: Battle): Battle[] {
  const left = turns.filter(({ fault, variant }) => {
    const why = fault.missing?.()
    if (why !== undefined) console.log(`Skipped ${fault.id} ${fault.name} ${variant}: ${why}.`)
    return why === undefined
  })
  if (left.length === 0 && turns.length > 0) return []
  const ids = new Set(left.map(({ fault }) => fault.id))
  return [{ plan: { ...plan, faults: plan.faults.filter((id) => ids.has(id)) }, turns: left }]
}

async function main(options: Options): Promise<void> {
  if (options.does === 'help') return console.log(help)
  if (options.does === 'list') {
    for (const { id, name, what, variants } of faults) {
      console.log(`${id} ${name}\n    ${what}\n    ${variants.join(', ')}`)
    }
    return
  }
  const all = battles(options).flatMap(possible)
  if (all.length === 0) throw new Error('There is no such run, or nothing of it can happen here.')
  let passed = 0
  let failed = 0
  for (const battle of all) {
    const result = await fight(battle, options.keep)
    passed += result.passed
    failed += result.failed
  }
  console.log(`${passed} passed, ${failed} failed`)
  // Not by letting the loop run empty: Node 24 can wait for ever, busily, for a socket that was reset.
  process.exit(failed === 0 ? 0 : 1)
}

const options = read()
if (options) await main(options)
