import { NetworkError, ParleyError } from '@parley/sdk'
import { expect, test, vi } from 'vitest'
import type { Wanted } from './chunks.ts'
import { type RunnerOptions, createRunner } from './runner.ts'
import type { Sent } from './transport.ts'
import type { Half, Upload } from './upload.ts'

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { interval: 1, timeout: 10_000 })
const problem = (status: number, code: string) =>
  new ParleyError({ status, code, title: '', detail: '', request_id: '' })

/** A browser with files whose attempts go as is said, each attempt in its turn; all beyond succeed. */
function stage(attempts: ((wanted: Wanted) => Promise<Sent>)[], more: Partial<RunnerOptions> = {}) {
  const uploads = new Map<string, Upload>()
  const done: string[] = []
  const dropped: string[] = []
  const kept = new Map<string, Half>()
  const wanted: Wanted[] = []
  const runner = createRunner({
    uploads,
    async send(one) {
      wanted.push(one)
      return (attempts.shift() ?? (async () => ({ id: 1 })))(one)
    },
    copyOf: async () => undefined,
    dropSent: (path) => dropped.push(path),
    online: () => true,
    connected: () => true,
    minMs: 1,
    maxMs: 2,
    keep: (key, half) => void kept.set(key, half),
    done: (key) => void done.push(key),
    ...more,
  })
  const add = (key: string, size: number, half?: Half) => {
    runner.add({ key, name: key, size }, new Blob([new Uint8Array(size)]), half)
    runner.pump()
  }
  return {
    runner,
    uploads,
    done,
    dropped,
    kept,
    wanted,
    add,
    state: (key: string) => uploads.get(key)?.state,
  }
}
const large = 8_000_001
const aborted = ({ signal }: Wanted) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
  )
const fails = (error: Error) => async (): Promise<never> => {
  throw error
}

test('a large file goes on by itself however often it breaks off, from where it was', async () => {
  const broken = async ({ onPath, onProgress }: Wanted) => {
    onPath('/api/uploads/5')
    onProgress(4_000_000)
    throw new NetworkError('')
  }
  const away = Array.from({ length: 9 }, () => fails(new NetworkError('', { status: 503 })))
  const { add, done, wanted, kept } = stage([broken, ...away])
  add('a', large)
  await until(() => done.length === 1)
  expect(wanted.map(({ path }) => path)).toEqual([undefined, ...Array(10).fill('/api/uploads/5')])
  expect(kept.get('a')).toEqual({ path: '/api/uploads/5', paused: undefined })
})

test('a small one fails after three tries with a connection, and only then', async () => {
  let connected = false
  const lost = Array.from({ length: 20 }, () => fails(new NetworkError('')))
  const { add, runner, wanted, state } = stage(lost, { connected: () => connected })
  add('a', 10)
  await until(() => wanted.length === 5)
  connected = true
  runner.hurry()
  await until(() => state('a') === 'failed')
  runner.resume('a')
  await until(() => state('a') === 'failed' && wanted.length > 8)
})

test('what is refused is not tried again, and does not hold up the others', async () => {
  const { add, uploads, done } = stage([fails(problem(413, 'quota_exceeded'))])
  add('a', large)
  add('b', large)
  await until(() => done.length === 1)
  expect(uploads.get('a')).toMatchObject({ state: 'failed', reason: 'files.refused_quota' })
})

test('what is paused stays so until it is told to go on, and frees its place', async () => {
  const begun = async (wanted: Wanted) => {
    wanted.onPath('/api/uploads/5')
    wanted.onProgress(large / 2)
    return aborted(wanted)
  }
  const { add, runner, state, kept, done, dropped, uploads, wanted } = stage([begun, aborted])
  add('a', large)
  add('b', large)
  add('c', large)
  expect(state('c')).toBe('waiting')
  runner.pause('a')
  await until(() => done[0] === 'c')
  expect(state('a')).toBe('paused')
  expect(kept.get('a')).toEqual({ path: '/api/uploads/5', paused: 0.5 })
  runner.hurry()
  runner.drop('b')
  runner.resume('a')
  await until(() => done[1] === 'a')
  expect(wanted.at(-1)?.path).toBe('/api/uploads/5')
  expect(kept.get('a')?.paused).toBeUndefined()
  expect(dropped).toEqual([])
  expect(uploads.size).toBe(0)
})

test('what a reload left is there again: paused, or going on', async () => {
  const { add, uploads, done, runner, wanted } = stage([])
  add('a', large, { path: '/api/uploads/5', paused: 0.4 })
  add('b', large, { path: '/api/uploads/6', paused: undefined })
  await until(() => done.length === 1)
  expect(wanted.map(({ path }) => path)).toEqual(['/api/uploads/6'])
  expect(uploads.get('a')).toMatchObject({ state: 'paused', part: 0.4 })
  runner.resume('a')
  await until(() => done.length === 2)
})

test('what is cancelled is dropped on the server too, also where it is only being begun', async () => {
  const begin = Promise.withResolvers<void>()
  const beginning = async (wanted: Wanted) => {
    await begin.promise
    wanted.onPath('/api/uploads/9')
    return aborted(wanted)
  }
  const begun = async (wanted: Wanted) => {
    wanted.onPath('/api/uploads/8')
    return aborted(wanted)
  }
  const { add, runner, dropped, done } = stage([begun, beginning])
  add('a', large)
  add('b', large)
  runner.drop('a')
  expect(dropped).toEqual(['/api/uploads/8'])
  runner.drop('b')
  begin.resolve()
  await until(() => dropped.length === 2)
  expect(dropped).toContain('/api/uploads/9')
  expect(done).toEqual([])
})

test('without a session it waits for the next one', async () => {
  const lost = Array.from({ length: 5 }, () => fails(new NetworkError('')))
  const { add, runner, done, wanted } = stage([fails(problem(401, 'not_signed_in')), ...lost])
  add('a', large)
  add('b', large)
  await until(() => done[0] === 'b')
  expect(wanted.filter(({ name }) => name === 'a')).toHaveLength(1)
  runner.hurry()
  await until(() => done.length === 2)
})

test('a file that is gone from the disk goes on with what is kept of it, or is lost', async () => {
  const blob = new Blob(['x'])
  blob.slice = () => {
    const piece = new Blob()
    piece.arrayBuffer = fails(new DOMException('', 'NotReadableError'))
    return piece
  }
  const unreadable = ({ blob: sent }: Wanted) =>
    sent === blob ? fails(new NetworkError(''))() : Promise.resolve({ id: 1 })
  const file = { key: 'a', name: 'a', size: large }
  const gone = stage([unreadable])
  gone.runner.add(file, blob)
  gone.runner.pump()
  await until(() => gone.state('a') === 'lost')
  const copy = new Blob(['x'])
  const kept = stage([unreadable, unreadable], { copyOf: async () => copy })
  kept.runner.add(file, blob)
  kept.runner.pump()
  await until(() => kept.done.length === 1)
  expect(kept.wanted.map((wanted) => wanted.blob)).toEqual([blob, copy])
})
