import { resolve } from 'node:path'
import { setupLink } from '@parley/core/access/setup'
import type { Config } from '@parley/core/config/load'
import { type Programs, startStack } from './stack.ts'
import { createSupervisor } from './supervisor/supervisor.ts'

/** The whole life of `parley start`, from the first line on the terminal to the end of all processes. */
export async function runStack(
  config: Config,
  programs?: Programs,
  address = config.publicUrl,
): Promise<void> {
  const supervisor = createSupervisor((sentence) => process.stderr.write(`${sentence}\n`))
  const told = untilToldToStop()
  const began = performance.now()
  const started = (async () => {
    const token = await startStack(config, supervisor, programs)
    const invitation = token === undefined ? '' : unclaimed(setupLink(address, token))
    process.stdout.write(welcome(config, address, performance.now() - began) + invitation)
  })()
  try {
    await Promise.race([started, told])
    await told
    process.stdout.write('Stopping …\n')
  } finally {
    await supervisor.stop()
    // A start that was cut short ends with an error that nobody needs to read.
    await started.catch(() => undefined)
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Resolves at the first signal, or when the wrapper that started us has died. */
function untilToldToStop(): Promise<void> {
  return new Promise((told) => {
    let asked = false
    for (const signal of signals)
      process.on(signal, () => {
        // In a hurry: the servers and the database end by themselves when we are gone.
        if (asked) process.exit(1)
        asked = true
        told()
      })
    process.on('disconnect', told)
    // Listening on the channel must not keep us alive when all else has ended.
    process.channel?.unref()
  })
}

const welcome = (
  { publicUrl, eventsUrl, dataDir, databaseUrl }: Config,
  address: string,
  ms: number,
): string => `
Parley runs (started in ${(ms / 1000).toFixed(1)} s).

  Open        ${address}
  Events      ${eventsUrl}/events
  Data folder ${resolve(dataDir)}
  Database    ${databaseUrl === undefined ? 'embedded, in the data folder' : 'from DATABASE_URL'}

Next: open ${address} and create your account. The API is at ${publicUrl}/docs. Ctrl-C stops everything.
`

const unclaimed = (link: string): string => `
Nobody administers this Parley yet. Whoever opens this within an hour, signed in, does:
  ${link}
`
