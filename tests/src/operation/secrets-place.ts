import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createChatServer } from '@parley/chat-server'
import { loadConfig } from '@parley/core/config/load'
import { createPool } from '@parley/core/db/pool'
import { owner } from '@parley/core/embedded/url'
import { parseJson } from '@parley/core/json'
import { asRole } from '@parley/core/testing/database'
import { runProgram } from '@parley/core/testing/program'
import { Type } from 'typebox'
import { onTestFinished } from 'vitest'
import { environmentFor } from '../input/kit.ts'

const Said = Type.Record(Type.String(), Type.Unknown())

const bin = fileURLToPath(new URL('../../../apps/cli/bin/parley.js', import.meta.url))

/** A database and a data folder of a test's own, a chat-server that may come and go, and the command line. */
export async function secretsPlace() {
  const { environment, clean, databaseUrl } = await environmentFor()
  const pool = createPool({ url: databaseUrl, max: 4, name: 'test' })
  onTestFinished(async () => {
    await pool.close()
    await clean()
  })
  const settings: Record<string, string> = {
    ...environment,
    PARLEY_DATABASE_URL_MIGRATE: asRole(databaseUrl, owner),
  }
  const file = join(settings['PARLEY_DATA_DIR'] ?? '', 'secrets.json')
  const run = (words: string, more: Record<string, string> = {}) =>
    runProgram(bin, words.split(' '), { env: { PATH: process.env['PATH'], ...settings, ...more } })
  const rows = <Row>(text: string, ...values: unknown[]) =>
    pool.rows<Row>({ name: '', text, values })
  return {
    pool,
    settings,
    file,
    /** What the file says, word by word. */
    stored: () => parseJson(readFileSync(file, 'utf8'), Said) ?? {},
    mode: () => statSync(file).mode & 0o777,
    run,
    rows,
    async parley(words: string, more: Record<string, string> = {}) {
      const program = run(words, more)
      return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
    },
    config: (more: Record<string, string> = {}) => loadConfig({ ...settings, ...more }),
    /** A chat-server, which ends with the test at the latest. */
    async server(more: Record<string, string> = {}) {
      const server = createChatServer(loadConfig({ ...settings, ...more }))
      onTestFinished(() => server.stop())
      return { url: (await server.start()).url, stop: () => server.stop() }
    },
  }
}

export type SecretsPlace = Awaited<ReturnType<typeof secretsPlace>>
