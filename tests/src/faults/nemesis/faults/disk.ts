import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, statSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from '@parley/core/db/sql'
import { errorCode } from '@parley/core/start-error'
import { flood } from '../../load/flood.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

const id = 'F28'

/** Where the small disk goes, inside PostgreSQL's folder, and its size beyond what is there. */
const places = {
  log: { folder: 'pg_wal', spareBytes: 40 * 1024 * 1024 },
  data: { folder: 'base', spareBytes: 8 * 1024 * 1024 },
} as const

const isPlace = (variant: string): variant is keyof typeof places => Object.hasOwn(places, variant)

export const diskFull: Fault = {
  id,
  name: 'disk-full',
  what: 'The disk of PostgreSQL’s write-ahead log, or that of its tables, is full; then there is room again.',
  variants: ['log', 'data'],
  seconds: 15,
  alone: true,
  evidence: 1,
  missing: () =>
    process.platform === 'linux' && process.getuid?.() === 0
      ? undefined
      : 'it takes root on Linux to mount a small disk',
  async run(field, variant) {
    if (!isPlace(variant)) throw new Error(`disk-full has no variant ${variant}`)
    const { folder, spareBytes } = places[variant]
    const path = join(field.cluster.database.dataDir, 'postgres', folder)
    await during(field, { fault: id, target: variant, slows: 'partition' }, async () => {
      await stopped(field, () => mount(path, spareBytes))
      try {
        await delay(1000)
        met(field, id, 'calls that found no room', await fill(field, path))
        await field.cluster.ready()
      } finally {
        await stopped(field, () => unmount(path))
      }
      await field.cluster.ready()
    })
  },
}

async function stopped({ cluster }: Field, work: () => void): Promise<void> {
  await cluster.database.stop('fast')
  work()
  await cluster.database.start()
}

const run = (command: string, ...args: string[]): void =>
  void execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })

/** Moves what is there to a disk of its own, at the same place. */
function mount(path: string, spareBytes: number): void {
  const { uid, gid } = statSync(path)
  const used = Number(execFileSync('du', ['-sk', path], { encoding: 'utf8' }).split('\t')[0]) * 1024
  run('cp', '-a', path, `${path}.aside`)
  run(
    'mount',
    '-t',
    'tmpfs',
    '-o',
    `size=${used + spareBytes},mode=700,uid=${uid},gid=${gid}`,
    'parley-faults',
    path,
  )
  run('cp', '-a', `${path}.aside/.`, path)
  rmSync(`${path}.aside`, { recursive: true })
}

function unmount(path: string): void {
  run('cp', '-a', path, `${path}.aside`)
  run('umount', path)
  rmSync(path, { recursive: true })
  run('mv', `${path}.aside`, path)
}

/** Takes all room that is left, for a while, and writes much; returns how many calls found none. */
async function fill({ cluster, load, recorder, random }: Field, path: string): Promise<number> {
  const { database } = cluster
  const file = join(path, 'ballast')
  const before = recorder.entries.length
  const failed = () =>
    recorder.entries.slice(before).filter((one) => one.type === 'return' && one.outcome === 'info')
  const flooding = flood(load, load.places.hall, 40)
  const least = performance.now() + random.between(3000, 4000)
  const most = least + 10_000
  try {
    while (performance.now() < least || (failed().length === 0 && performance.now() < most)) {
      grow(file)
      // A log that is in use already asks for room only with its next file.
      await database.sql
        .rows(sql<{ pg_switch_wal: string | null }>`select pg_switch_wal()::text`)
        .catch(() => undefined)
      await delay(100)
    }
  } finally {
    rmSync(file, { force: true })
  }
  const count = failed().length
  // Without its log it cannot go on, and ends: whoever runs it starts it again.
  await database.revive()
  await flooding
  return count
}

const block = Buffer.alloc(64 * 1024, 1)

function grow(file: string): void {
  const { bavail, bsize } = statfsSync(join(file, '..'))
  const to = openSync(file, 'a')
  try {
    for (let left = bavail * bsize; left > 0; left -= block.length) {
      writeSync(to, block, 0, Math.min(left, block.length))
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC') throw error
  } finally {
    closeSync(to)
  }
}
