import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { StartError } from '@parley/core/start-error'

/** Builds the web client, where what there is was not built from the same sources. */
export async function buildWebClient(file: string): Promise<void> {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const [said] = await Promise.all([text(child.stderr), once(child, 'close')])
  if (child.exitCode === 0) return
  const line = said.split('\n').find((one) => /^\s*\w*Error\b/.test(one)) ?? said.trim()
  throw new StartError(`The web client could not be built. ${line.trim()}`)
}
