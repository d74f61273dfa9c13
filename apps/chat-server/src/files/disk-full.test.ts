import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '@parley/core/log'
import { deleteFile } from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { startChatServer } from '../fixtures/chat-server.ts'
import { bearer, formOf, post, refusalOf, uploaded } from '../fixtures/files.ts'
import { clean } from './cleaning/clean.ts'

const MiB = 1024 * 1024

/** A disk of 4 MiB; only root can make one. */
const disk = await mkdtemp(join(tmpdir(), 'parley-disk-'))
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status === 0
const server = await startChatServer({ PARLEY_DATA_DIR: disk })
afterAll(async () => {
  await server.stop()
  if (isMounted) spawnSync('umount', [disk])
  await rm(disk, { recursive: true, force: true })
})

test.skipIf(!isMounted)(
  'FI-03: a full disk refuses what does not fit, keeps nothing of it, and takes files again once it has room',
  async () => {
    const anna = await server.person()
    const bytes = new Uint8Array(3 * MiB)
    const first = await uploaded(server.url, anna, 'a', bytes)
    const unfinished = () => readdir(join(disk, 'files', 'unfinished'))

    const full = await post(server.url, anna, formOf(['b', bytes]))
    expect(await refusalOf(full)).toBe('507 storage_full')
    expect(await unfinished()).toEqual([])
    expect(await server.value('select count(*) from files')).toBe(1)
    expect(await server.value(`select bytes from file_use where scope = 'user'`)).toBe(3 * MiB)

    const headers = { ...bearer(anna), 'tus-resumable': '1.0.0' }
    const begun = await fetch(`${server.url}/api/uploads`, {
      method: 'POST',
      headers: { ...headers, 'upload-length': String(bytes.length) },
    })
    const upload = `${server.url}${begun.headers.get('location') ?? ''}`
    const add = (offset: number) =>
      fetch(upload, {
        method: 'PATCH',
        headers: {
          ...headers,
          'upload-offset': String(offset),
          'content-type': 'application/offset+octet-stream',
        },
        body: bytes.subarray(offset),
      })
    expect(await refusalOf(await add(0))).toBe('507 storage_full')
    const told = await fetch(upload, { method: 'HEAD', headers })
    const offset = Number(told.headers.get('upload-offset'))
    expect(offset).toBeLessThan(bytes.length)
    await fetch(upload, { method: 'DELETE', headers })

    await anna.call(deleteFile, { params: { id: first.id } })
    await clean({ ...server, log: createLog('test', 'silent') }, new Date(Date.now() + 1000))
    expect((await uploaded(server.url, anna, 'c', bytes)).size).toBe(bytes.length)
  },
)
