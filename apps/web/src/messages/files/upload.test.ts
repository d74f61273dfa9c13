import { NetworkError, ParleyError } from '@parley/sdk'
import { expect, test } from 'vitest'
import { type Upload, fateOf, pausing, reasonOf } from './upload.ts'

const problem = (status: number, code: string, retryAfterMs?: number) =>
  new ParleyError({ status, code, title: '', detail: '', request_id: '' }, { retryAfterMs })
const bare = (status?: number) => new NetworkError('', status === undefined ? {} : { status })

test('what passes by itself is waited for, and what does not is said', () => {
  for (const error of [
    bare(),
    bare(200),
    bare(302),
    bare(502),
    bare(503),
    problem(500, 'internal'),
  ])
    expect(fateOf(error)).toEqual({ type: 'later', ms: 0 })
  expect(fateOf(problem(429, 'rate_limited', 3_000))).toEqual({ type: 'later', ms: 3_000 })
  expect(fateOf(problem(409, 'wrong_offset'))).toEqual({ type: 'later', ms: 0 })
  for (const error of [problem(401, 'not_signed_in'), bare(401)])
    expect(fateOf(error)).toEqual({ type: 'signed_out' })
  for (const error of [
    problem(413, 'quota_exceeded'),
    problem(507, 'storage_full'),
    bare(413),
    bare(507),
    new TypeError(),
  ])
    expect(fateOf(error)).toEqual({ type: 'failed' })
})

test('the same reason is said the same way, whoever gives it', () => {
  expect(reasonOf(problem(413, 'file_too_large'))).toBe('files.refused_size')
  expect(reasonOf(problem(413, 'quota_exceeded'))).toBe('files.refused_quota')
  for (const error of [problem(507, 'storage_full'), bare(507)])
    expect(reasonOf(error)).toBe('files.refused_room')
  expect(reasonOf(bare(413))).toBe('files.refused_size')
  expect(reasonOf(bare())).toBe('app.unreachable')
  expect(reasonOf(new TypeError())).toBe('problem.failed')
})

test('only what would not begin again can be paused', () => {
  const upload: Upload = { key: 'a', name: 'a', size: 50_000_000, state: 'uploading', part: 0 }
  expect(pausing(upload)).toBe('pause')
  expect(pausing({ ...upload, state: 'paused' })).toBe('resume')
  expect(pausing({ ...upload, state: 'failed' })).toBeUndefined()
  expect(pausing({ ...upload, size: 8_000_000 })).toBeUndefined()
})
