/** `npm run bench`: how fast the web client and the way of files are, on this machine, against budgets. */
import { existsSync } from 'node:fs'
import { chromium } from '../browser/chromium.ts'
import { startParley } from '../stack/parley.ts'
import { files } from './files/all.ts'
import { type Figure, heading, isOk, medians, row } from './figure.ts'
import { type Options, optionsOf } from './options.ts'
import { signIns } from './sign-ins/all.ts'
import { type Measurement, measure } from './stage.ts'
import { measurements as web } from './web/all.ts'

const measurements = [...web, files, signIns]

function read(): Options | undefined {
  try {
    return optionsOf(measurements, process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 2
    return undefined
  }
}

async function main({ chosen, repeat }: Options): Promise<void> {
  if (!existsSync(chromium)) throw new Error(`There is no Chromium at ${chromium}.`)
  const parley = await startParley({ PARLEY_RATE_LIMITS: 'off', PARLEY_LOG_LEVEL: 'warn' })
  const figures: Figure[] = []
  let broken = 0
  async function take(measurement: Measurement): Promise<void> {
    const runs: Figure[][] = []
    try {
      while (runs.length < repeat) runs.push(await measure(parley, measurement))
      const found = medians(runs)
      for (const figure of found) console.log(row(figure))
      figures.push(...found)
    } catch (error) {
      broken++
      console.error(`FAILED   ${measurement.name}: ${String(error)}`)
    }
  }
  console.log(heading)
  for (const measurement of chosen) await take(measurement)
  await parley.stop()
  const passed = figures.filter(isOk).length
  const failed = figures.length - passed + broken
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

const options = read()
if (options) await main(options)
