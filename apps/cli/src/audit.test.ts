import { fileURLToPath } from 'node:url'
import { createPool } from '@parley/core/db/pool'
import { createTestDatabase } from '@parley/core/testing/database'
import { runProgram } from '@parley/core/testing/program'
import { afterAll, expect, test } from 'vitest'

const bin = fileURLToPath(new URL('../bin/parley.js', import.meta.url))
const database = await createTestDatabase()
const pool = createPool({ url: database.url, max: 1, name: 'test' })
afterAll(async () => {
  await pool.close()
  await database.drop()
})

const run = (text: string) => pool.rows({ name: '', text, values: [] })
async function verify() {
  const program = runProgram(bin, ['audit', 'verify'], {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url },
  })
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
}

test('OP-05: audit verify tells of the whole log, of what the retention dropped, and of what is gone', async () => {
  expect(await verify()).toEqual({ code: 0, stdout: 'The audit log is empty.\n', stderr: '' })
  await run(
    `insert into audit_log (action, at)
     select 'test.done', now() - age * interval '1 day' from unnest('{500,400,1}'::int[]) age`,
  )
  expect(await verify()).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^All 3 entries follow each other\. The last one is 3, [0-9a-f]{64}\.\n$/,
    ),
    stderr: '',
  })
  await run('select prune_audit(365)')
  expect(await verify()).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^It begins at entry 3: 2 older ones were dropped by the retention, the last of them on \d{4}-\d\d-\d\d\.\nAll 2 entries follow each other\. The last one is 4, [0-9a-f]{64}\.\n$/,
    ),
    stderr: '',
  })
  await run(`do $$ begin
    set local session_replication_role = replica; delete from audit_log where position = 4; end $$`)
  // The entry of the cut went with the end.
  expect(await verify()).toEqual({
    code: 1,
    stdout: '',
    stderr: 'The audit log is not as it was written: see position 3.\n',
  })
  await run(`do $$ begin
    set local session_replication_role = replica; delete from audit_log; end $$`)
  expect(await verify()).toMatchObject({
    code: 1,
    stderr: 'The end of the audit log is missing, from position 1 on.\n',
  })
}, 60_000)
