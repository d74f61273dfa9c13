/** Checks every sql`…` statement against the migrated database. With --write it corrects row types. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ESLint } from 'eslint'
import { createPool } from '@parley/core/db/pool'
import { withDatabase } from '../database.ts'
import { files, root } from '../files.ts'
import { narrowColumns } from './sql-columns.ts'
import { type Found, linter } from './sql-rules.ts'

const fixture = 'scripts/check/sql.fixture.ts'
const preparable = /^\s*(?:select|insert|update|delete|merge|with|values)\b/i

// A file with a tag, or with a way to call the tag by another name, which the linter refuses.
const tagged = /\bsql(?:[<`]|\s+as\b)/
const sources = files('*.ts').filter((file) => tagged.test(readFileSync(join(root, file), 'utf8')))

await withDatabase(async (url) => {
  if (process.argv.includes('--write')) await correct(url)
  const { problems, statements } = await check(url)
  const inFixture = problems.filter((one) => one.startsWith(`${fixture}:`))
  proveThatItBites(inFixture)
  const found = problems.filter((one) => !inFixture.includes(one))
  for (const problem of found) console.log(problem)
  console.log(`${statements} statements in ${sources.length} files`)
  process.exitCode = found.length === 0 ? 0 : 1
})
// SafeQL's connections would keep the process.
process.exit()

/** A check that finds nothing must be known to be able to find something. */
function proveThatItBites(problems: string[]): void {
  const lines = readFileSync(join(root, fixture), 'utf8').split('\n')
  const expected = lines.flatMap((line, at) => {
    const text = /\/\/ expect: (.*)/.exec(line)?.[1]
    return text === undefined ? [] : [{ text, place: `${fixture}:${at + 2} ` }]
  })
  const missed = expected.filter(
    ({ text, place }) => !problems.some((one) => one.startsWith(place) && one.includes(text)),
  )
  const unexpected = problems.filter((one) => !expected.some(({ place }) => one.startsWith(place)))
  if (expected.length === 0 || missed.length > 0 || unexpected.length > 0) {
    throw new Error(`the SQL check does not find what ${fixture} expects:\n${problems.join('\n')}`)
  }
}

async function check(url: string): Promise<{ problems: string[]; statements: number }> {
  const found: Found[] = []
  const results = await linter(url, { columns: await narrowColumns(url), found }).lintFiles(sources)
  const linted = results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message }) => `${relative(root, filePath)}:${line} ${message}`),
  )
  return { problems: [...linted, ...(await unprepared(url, found))], statements: found.length }
}

async function correct(url: string): Promise<void> {
  const wanted = sources.filter((file) => file !== fixture)
  if (wanted.length === 0) return
  const columns = await narrowColumns(url)
  await ESLint.outputFixes(await linter(url, { columns, found: [], fix: true }).lintFiles(wanted))
}

/**
 * SafeQL casts each parameter to the type it has in TypeScript; the server gets it bare and infers
 * the type. This asks the server whether it can.
 */
async function unprepared(url: string, found: Found[]): Promise<string[]> {
  const pool = createPool({ url, max: 1, name: 'check' })
  const problems: string[] = []
  for (const { text, place } of found.filter((one) => preparable.test(one.text))) {
    try {
      await pool.run({ name: '', text: `prepare statement as ${text}`, values: [] })
      await pool.run({ name: '', text: 'deallocate statement', values: [] })
    } catch (error) {
      problems.push(`${relative(root, place)} The server refuses it: ${String(error)}`)
    }
  }
  await pool.close()
  return problems
}
