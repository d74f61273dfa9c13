import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import { passwordCost } from './hash.ts'

parentPort?.on('message', ({ password, hash }: { password: string; hash?: string }) => {
  parentPort?.postMessage(
    hash === undefined ? hashSync(password, passwordCost) : verifySync(hash, password),
  )
})
