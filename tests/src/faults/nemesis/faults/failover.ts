import { setTimeout as delay } from 'node:timers/promises'
import { type Replica, replayed, synchronizeWith } from '@parley/core/testing/replica'
import { until } from '@parley/core/testing/until'
import { serverNames } from '../../cluster/cluster.ts'
import { acknowledgedBeyond, toldOfEpoch, topicSeqs } from '../epochs.ts'
import { type Fault, type Field, during, met } from '../fault.ts'

const id = 'F12'

/** So many sends are acknowledged by a primary whose replica hears nothing of them. */
const toLose = 10

/** The database is lost, and another server that followed it takes over, with all or without the last of it. */
export const failover: Fault = {
  id,
  name: 'failover',
  what: 'A streaming replica takes over: a synchronous one has all that was acknowledged, an asynchronous one has not.',
  variants: ['synchronous', 'asynchronous'],
  seconds: 12,
  alone: true,
  evidence: 8,
  async run(field, variant) {
    const { database } = field.cluster
    const name = `replica_${field.recorder.number()}`
    const replica = await database.replica(name)
    await replayed(database.urlAt(database.port), replica)
    await during(field, { fault: id, target: variant, slows: 'partition' }, async () => {
      const since = field.recorder.now()
      if (variant === 'synchronous') await losingNothing(field, replica, name)
      else await losingTheLast(field, replica)
      await field.cluster.ready()
      met(field, id, 'readers told of a new epoch', await toldOfEpoch(field, since))
    })
  },
}

/** The primary dies in the middle of everything. */
async function losingNothing(field: Field, replica: Replica, name: string): Promise<void> {
  const { database } = field.cluster
  await synchronizeWith(database.urlAt(database.port), name)
  await delay(field.random.between(500, 1000))
  await database.stop('kill')
  await replica.promote()
  await database.becomes(replica)
  lead(field)
}

/** The primary goes on alone, is cut off from everybody, and lives on while the replica takes over. */
async function losingTheLast(field: Field, replica: Replica): Promise<void> {
  const { cluster, recorder } = field
  const { database } = cluster
  const since = recorder.now()
  await replayed(database.urlAt(database.port), replica)
  await replica.disconnect()
  const alone = recorder.now()
  await until(() => acknowledgedBeyond(field, alone, {}) >= toLose, {
    what: 'messages that the replica does not get',
  })
  for (const name of serverNames) {
    cluster.back[name].set('up', { held: true })
    cluster.back[name].set('down', { held: true })
    cluster.back[name].reset()
  }
  const over = recorder.now()
  await replica.promote()
  const end = await database.becomes(replica)
  const topics = await topicSeqs(field)
  recorder.record({ type: 'rewound', since, until: over, topics })
  lead(field)
  await end()
  const lost = acknowledgedBeyond(field, since, topics)
  if (lost === 0) throw new Error('the replica had all, so the run says nothing')
  met(field, id, 'acknowledged messages that are gone', lost)
}

/** Nothing that leads to the old primary is left. */
function lead({ cluster }: Field): void {
  for (const name of serverNames) {
    const link = cluster.back[name]
    link.leadTo(cluster.database.port)
    link.reset()
    link.heal()
  }
}
