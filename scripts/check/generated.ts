/** Checks that each generated file is fresh. With --write it writes those that are not. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listSettings } from '@parley/core/config/list'
import { createPool } from '@parley/core/db/pool'
import { schemaDump } from '@parley/core/db/schema-dump'
import { withDatabase } from '../database.ts'
import { limits } from '@parley/core/throttle/limits'
import { root } from '../files.ts'

/** Generated files, and what each has to hold. */
const generated: Record<string, () => Promise<string>> = {
  'db/schema.sql': () =>
    withDatabase(async (url) => {
      const pool = createPool({ url, max: 1, name: 'schema' })
      try {
        return `-- Written by \`npm run generate\` from db/migrations: read it, do not edit it.\n\n${await schemaDump(pool)}`
      } finally {
        await pool.close()
      }
    }),
  'docs/operations.md': async () =>
    readFileSync(join(root, 'docs/operations.md'), 'utf8')
      .replace(
        /(<!-- settings: .*? -->\n)[^]*(<!-- end -->)/,
        (_, begin: string, end: string) => `${begin}${settingsTable()}${end}`,
      )
      .replace(
        /(<!-- limits: .*? -->\n)[^]*?(<!-- end of limits -->)/,
        (_, begin: string, end: string) => `${begin}${limitsTable()}${end}`,
      ),
}

function limitsTable(): string {
  const rows = Object.entries(limits).map(
    ([name, { what, by, burst, perMinute }]) =>
      `| \`${name}\` | ${what} | ${by} | ${burst} | ${perMinute} |`,
  )
  return [
    '',
    '| limit | what | for each | at once | and each minute |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    '',
  ].join('\n')
}

function settingsTable(): string {
  const rows = listSettings().map(
    ({ variable, key, description, expected, standard }) =>
      `| \`${variable}\` | \`${key}\` | ${description} | ${expected} | ${standard} |`,
  )
  return [
    '',
    '| variable | key | what | must be | default |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    '',
  ].join('\n')
}

const write = process.argv.includes('--write')

for (const [file, content] of Object.entries(generated)) {
  const path = join(root, file)
  const fresh = await content()
  if (existsSync(path) && readFileSync(path, 'utf8') === fresh) continue
  if (write) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, fresh)
    console.log(`wrote ${file}`)
  } else {
    console.log(`${file} is stale: run \`npm run generate\` and look at the difference`)
    process.exitCode = 1
  }
}
