import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { baseBackup } from '@parley/core/testing/replica'
import { until } from '@parley/core/testing/until'
import { serverNames } from '../../cluster/cluster.ts'
import { acknowledgedBeyond, toldOfEpoch, topicSeqs } from '../epochs.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

const id = 'F20'

/** So many sends are acknowledged after the backup. */
const toLose = 30

/** Everything is lost but a backup. */
export const restore: Fault = {
  id,
  name: 'restore',
  what: 'All servers and their data are destroyed, and a backup made under load is put back.',
  variants: ['stopped-copy', 'base-backup'],
  seconds: 12,
  alone: true,
  evidence: 8 + toLose,
  async run(field, variant) {
    const { cluster, recorder } = field
    const backup = join(cluster.database.dataDir, '..', `backup-${recorder.number()}`)
    const since = await (variant === 'stopped-copy' ? copyStopped : copyRunning)(field, backup)
    await until(() => acknowledgedBeyond(field, since, {}) >= toLose, {
      what: 'messages that the backup does not have',
    })
    await during(field, { fault: id, target: variant, slows: 'partition' }, async () => {
      await destroy(field)
      const over = recorder.now()
      putBack(field, backup)
      await cluster.database.start()
      const topics = await topicSeqs(field)
      recorder.record({ type: 'rewound', since, until: over, topics })
      await startServers(field)
      met(field, id, 'readers told of a new epoch', await toldOfEpoch(field, over))
      const lost = acknowledgedBeyond(field, since, topics)
      if (lost === 0) throw new Error('the backup had all, so the run says nothing')
      met(field, id, 'messages that came after the backup', lost)
    })
    await rm(backup, { recursive: true })
  },
}

/** As an operator does it: with the owners and the times of all files. */
const copy = (from: string, to: string): void => void execFileSync('cp', ['-a', from, to])

const keys = 'servers'

/** Parley is stopped for it, as the documentation says. Returns up to when all is in it. */
async function copyStopped(field: Field, backup: string): Promise<number> {
  const { cluster, recorder } = field
  return during(
    field,
    { fault: id, target: 'stopped for a copy', slows: 'partition' },
    async () => {
      for (const name of serverNames) await cluster.servers[name].stop()
      await cluster.database.stop('fast')
      copy(cluster.database.dataDir, backup)
      copy(cluster.dataDir, join(backup, keys))
      const since = recorder.now()
      await cluster.database.start()
      await startServers(field)
      return since
    },
  )
}

async function copyRunning({ cluster, recorder, random }: Field, backup: string): Promise<number> {
  const { database } = cluster
  let since = 0
  await delay(random.between(200, 800))
  await baseBackup({
    url: database.urlAt(database.port),
    dataDir: database.dataDir,
    to: backup,
    ending: () => void (since = recorder.now()),
  })
  copy(cluster.dataDir, join(backup, keys))
  return since
}

async function destroy({ cluster }: Field): Promise<void> {
  await Promise.all(serverNames.map((name) => cluster.servers[name].kill()))
  await cluster.database.stop('kill')
  for (const path of [cluster.database.dataDir, cluster.dataDir])
    await rm(path, { recursive: true })
}

function putBack({ cluster }: Field, backup: string): void {
  copy(backup, cluster.database.dataDir)
  execFileSync('mv', [join(cluster.database.dataDir, keys), cluster.dataDir])
}

async function startServers({ cluster }: Field): Promise<void> {
  await Promise.all(serverNames.map((name) => cluster.servers[name].start()))
  await cluster.ready()
}
