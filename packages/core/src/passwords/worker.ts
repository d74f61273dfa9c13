import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import { passwordCost } from './hash.ts'

/** Below everything else: whoever signs in has time, whoever writes has not. */
const lower = 10

// Linux gives each thread a priority of its own (setpriority(2), "C library/kernel differences"); elsewhere
// it would be that of the whole server.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + lower))

parentPort?.on('message', ({ password, hash }: { password: string; hash?: string }) => {
  parentPort?.postMessage(
    hash === undefined ? hashSync(password, passwordCost) : verifySync(hash, password),
  )
})
