import type { Fault } from './fault.ts'
import { lostBell } from './faults/bell.ts'
import { clockJumps } from './faults/clock.ts'
import { crowdedChat } from './faults/crowded-chat.ts'
import { cutResumes } from './faults/cut-resumes.ts'
import { openTransaction, readOnly } from './faults/database.ts'
import { descriptorExhaustion } from './faults/descriptors.ts'
import { diskFull } from './faults/disk.ts'
import { failover } from './faults/failover.ts'
import { hoard } from './faults/hoard.ts'
import { farDatabase } from './faults/far-database.ts'
import { stuckListener } from './faults/listener.ts'
import { vanishedClients } from './faults/vanished.ts'
import { killChatServer, killNotifyServer, killPostgres } from './faults/kill.ts'
import { lateCommit } from './faults/late-commit.ts'
import { lostCommits } from './faults/lost-commits.ts'
import { memoryLimit } from './faults/memory-limit.ts'
import { migration } from './faults/migration.ts'
import { ambiguousAnswers, poorNetwork } from './faults/network.ts'
import { partitions } from './faults/partition.ts'
import { removalUnderPosts, revokedSession } from './faults/people.ts'
import { poisonEvents } from './faults/poison.ts'
import { killListen, stopPostgres } from './faults/postgres.ts'
import { pauses, rollingRestart } from './faults/processes.ts'
import { restore } from './faults/restore.ts'
import { returningStreams } from './faults/returning-streams.ts'
import { retentionPassed, slowReaders } from './faults/readers.ts'

/** Every fault there is. */
export const faults: readonly Fault[] = [
  killChatServer,
  killNotifyServer,
  killPostgres,
  stopPostgres,
  killListen,
  ...partitions,
  ambiguousAnswers,
  slowReaders,
  removalUnderPosts,
  revokedSession,
  retentionPassed,
  openTransaction,
  pauses,
  poorNetwork,
  rollingRestart,
  readOnly,
  failover,
  poisonEvents,
  restore,
  lostBell,
  hoard,
  lostCommits,
  migration,
  cutResumes,
  lateCommit,
  descriptorExhaustion,
  memoryLimit,
  stuckListener,
  vanishedClients,
  farDatabase,
  diskFull,
  clockJumps,
  returningStreams,
  crowdedChat,
]
