import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../free-port.ts'
import { runProgram } from './program.ts'
import { until } from './until.ts'

const program = fileURLToPath(new URL('s3-program.ts', import.meta.url))
const bucket = 'parley-test'

/** A real S3 server in a process of its own, with one bucket in a folder of its own. */
export async function startS3Server() {
  const directory = await mkdtemp(join(tmpdir(), 'parley-s3-'))
  const port = await freePort()
  // It encrypts where a list goes on with DES.
  const env = { ...process.env, NODE_OPTIONS: '--openssl-legacy-provider' }
  const run = () => runProgram(program, [String(port), directory, bucket], { env })
  let running = run()
  const ready = () =>
    until(() => running.stdout().includes('ready'), { what: 'the S3 server', timeoutMs: 20_000 })
  await ready()

  return {
    /** The settings with which a server uses it. */
    settings: {
      PARLEY_STORAGE: 's3',
      PARLEY_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      PARLEY_S3_BUCKET: bucket,
      PARLEY_S3_ACCESS_KEY: 'S3RVER',
      PARLEY_S3_SECRET_KEY: 'S3RVER',
    },
    pid: () => running.child.pid,
    /** Ends at once, in the middle of whatever it does. */
    async kill(): Promise<void> {
      running.child.kill('SIGKILL')
      await running.ended
    },
    async again(): Promise<void> {
      running = run()
      await ready()
    },
    /** Whether it says from now on that it has no room. */
    fill: (isFull: boolean): Promise<void> =>
      isFull
        ? writeFile(join(directory, 'full'), '')
        : rm(join(directory, 'full'), { force: true }),
    /** The names of all objects. */
    async objects(): Promise<string[]> {
      const names = await readdir(join(directory, bucket), { recursive: true })
      return names.flatMap((name) => /^(.+)\._S3rver_object$/.exec(name)?.[1] ?? []).toSorted()
    },
    /** Uploads in parts that were neither completed nor aborted. */
    uploads: (): Promise<string[]> =>
      readdir(join(directory, bucket, '._S3rver_uploads')).catch(() => []),
    /** Where the bytes of an object lie. */
    fileOf: (name: string): string => join(directory, bucket, `${name}._S3rver_object`),
    /** Makes an object as old as that. */
    async age(name: string, milliseconds: number): Promise<void> {
      const then = new Date(Date.now() - milliseconds)
      await utimes(join(directory, bucket, `${name}._S3rver_object`), then, then)
    },
    async stop(): Promise<void> {
      await this.kill()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type S3Server = Awaited<ReturnType<typeof startS3Server>>
