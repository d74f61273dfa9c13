import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from '@parley/core/testing/program'
import { until } from '@parley/core/testing/until'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Child, startChild } from './child/child.ts'
import { memoryOf } from './child/memory.ts'
import { type Limits, standard } from './limits.ts'
import { type Media, createMedia } from './media.ts'
import { blackPng, talkativePng } from './testing/bombs.ts'
import { emptyFolder, upload } from './testing/folder.ts'
import { noise, picture } from './testing/pictures.ts'

/** Linux says what a process has and may do; elsewhere there is nothing to read it from. */
const elsewhere = !existsSync('/proc/self/status')

const mebibyte = 2 ** 20
const patient: Partial<Limits> = { timeMs: 20_000 }

async function started(limits: Partial<Limits> = {}): Promise<Child> {
  const child = await startChild({ ...standard, ...patient, ...limits })
  onTestFinished(() => child.end())
  return child
}

function opened(limits: Partial<Limits> = {}): Media {
  const media = createMedia({ ...patient, ...limits })
  onTestFinished(() => media.close())
  return media
}

/** A file that is never there: whoever opens it waits. */
async function endless(): Promise<string> {
  const path = join(await emptyFolder(), 'blob')
  execFileSync('mkfifo', [path])
  return path
}

/** The next file has what it needs; on a busy machine a short limit takes it more than one try. */
async function expectWell(media: Media): Promise<void> {
  const file = await upload(await picture('png', 30, 20), 'image/png')
  const inspected = await until(
    async () => {
      const inspected = await media.inspect(file)
      return 'failure' in inspected && inspected.failure === 'timed_out' ? undefined : inspected
    },
    { timeoutMs: 25_000, what: 'a small picture in time' },
  )
  expect(inspected).toMatchObject({ facts: { width: 30, height: 20 } })
}

describe('FI-04: a file that takes too long ends its process, and the next has another', () => {
  test.for(['image/png', 'video/mp4', 'text/plain'])('%s', async (mime) => {
    const media = opened({ timeMs: 800 })
    const file = { path: await endless(), mime, into: await emptyFolder() }
    const start = performance.now()
    expect(await media.inspect(file)).toEqual({ failure: 'timed_out' })
    expect(performance.now() - start).toBeLessThan(800 + standard.startMs)
    await expectWell(media)
  })

  test('a picture that is large but good', async () => {
    const child = await started({ timeMs: 40 })
    const { path } = await upload(blackPng(6000, 6000), 'image/png')
    expect(await child.run({ path, mime: 'image/png' })).toEqual({ failure: 'timed_out' })
    await until(() => !existsSync(child.folder))
    expect(child.alive()).toBe(false)
  })
})

describe.skipIf(elsewhere)('FI-04: a file that takes too much memory ends its process', () => {
  test('and the next has another', async () => {
    const media = opened({ memoryBytes: 120 * mebibyte })
    const bomb = await upload(blackPng(6000, 6000), 'image/png')
    expect(await media.inspect(bomb)).toEqual({ failure: 'too_large' })
    await expectWell(media)
  })

  test('a pixel with 700 megabytes of compressed comments, at the standard limits', async () => {
    const media = opened()
    const bomb = await upload(talkativePng(100), 'image/png')
    expect(await media.inspect(bomb)).toEqual({ failure: 'too_large' })
    await expectWell(media)
  })

  test('within the standard limit a picture of 12 megapixels has room', async () => {
    const child = await started()
    const bytes = await noise(4000, 3000).jpeg({ quality: 90, progressive: true }).toBuffer()
    const { path } = await upload(bytes, 'image/jpeg')
    for (let time = 0; time < 2; time++)
      expect(await child.run({ path, mime: 'image/jpeg' })).toHaveProperty('facts.width', 4000)
    expect(memoryOf(child.pid, 'VmHWM')).toBeLessThan(standard.memoryBytes)
  })

  test('Linux itself refuses what is far over', async () => {
    const before = await started({ memoryBytes: 100 * mebibyte })
    const limits = readFileSync(`/proc/${before.pid}/limits`, 'utf8')
    const data = Number(/^Max data size +(\d+) /m.exec(limits)?.[1])
    expect(data).toBeGreaterThan(100 * mebibyte)
    expect(data).toBeLessThanOrEqual((memoryOf(before.pid, 'VmData') ?? 0) + 100 * mebibyte)
    expect(limits).toMatch(/^Max cpu time +2060 /m)
    expect(limits).toMatch(/^Max file size +67108864 /m)
    expect(limits).toMatch(/^Max core file size +0 /m)
  })
})

describe.skipIf(elsewhere)('a process for files has little to lose', () => {
  test('no environment but its own, and an empty folder', async () => {
    const child = await started()
    const names = readFileSync(`/proc/${child.pid}/environ`, 'latin1')
      .split('\0')
      .map((line) => line.replace(/=.*/s, ''))
      .filter((name) => name !== '' && !name.startsWith('NODE_CHANNEL_'))
    expect(names.toSorted()).toEqual(['MALLOC_ARENA_MAX', 'UV_THREADPOOL_SIZE'])
    expect(readlinkSync(`/proc/${child.pid}/cwd`)).toBe(child.folder)
    expect(readdirSync(child.folder)).toEqual([])
  })

  test('no socket but the one to its parent, whatever it has looked at', async () => {
    const child = await started()
    const { path } = await upload(await picture('jpeg'), 'image/jpeg')
    await child.run({ path, mime: 'image/jpeg' })
    const sockets = readdirSync(`/proc/${child.pid}/fd`).filter((descriptor) =>
      readlinkSync(`/proc/${child.pid}/fd/${descriptor}`).startsWith('socket:'),
    )
    expect(sockets).toHaveLength(1)
  })

  test('no right to write or start anything', async () => {
    const child = await started()
    const line = readFileSync(`/proc/${child.pid}/cmdline`, 'latin1').split('\0')
    expect(line).toContain('--permission')
    expect(line.filter((word) => word.startsWith('--allow'))).toEqual([
      '--allow-addons',
      '--allow-fs-read=*',
      `--allow-fs-write=${child.folder}`,
    ])
  })
})

describe('processes come and go', () => {
  test('with two of them, a file that takes its time holds up nobody', async () => {
    const media = opened({ children: 2 })
    const file = { path: await endless(), mime: 'image/png', into: await emptyFolder() }
    let ended = false
    const slow = media.inspect(file).finally(() => (ended = true))
    await expectWell(media)
    expect(ended).toBe(false)
    await Promise.all([expect(slow).rejects.toThrow('Closed'), media.close()])
  })

  describe.skipIf(elsewhere)('seen from outside', () => {
    const children = () =>
      readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
        .split(' ')
        .filter(
          (pid) =>
            pid !== '' && /parley-media/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1')),
        )

    test('none before the first file, one at a time, none when idle, and none after closing', async () => {
      const media = opened({ idleMs: 300 })
      expect(children()).toEqual([])
      const first = await upload(await picture('png', 30, 20), 'image/png')
      const both = Promise.all([media.inspect(first), media.inspect(first), media.inspect(first)])
      await until(() => children().length === 1)
      const pids = children()
      await both
      expect(children()).toEqual(pids)
      await until(() => children().length === 0)
      await expectWell(media)
      expect(children()).not.toEqual(pids)
      await media.close()
      expect(children()).toEqual([])
    })

    test('a fresh one after a number of files', async () => {
      const media = opened({ jobsPerChild: 2 })
      const seen: string[][] = []
      for (let file = 0; file < 4; file++) {
        const inspected = expectWell(media)
        await until(() => children().length === 1)
        seen.push(children())
        await inspected
      }
      expect(new Set(seen.flat()).size).toBe(2)
      expect(seen[0]).toEqual(seen[1])
    })

    test('none survives a parent that was killed', async () => {
      const parent = runProgram(fileURLToPath(new URL('fixtures/parent.ts', import.meta.url)), [
        await endless(),
      ])
      onTestFinished(() => void parent.child.kill('SIGKILL'))
      const pid = await until(() =>
        readFileSync(`/proc/${parent.child.pid}/task/${parent.child.pid}/children`, 'utf8').trim(),
      )
      const folder = await until(() => {
        const cwd = readlinkSync(`/proc/${pid}/cwd`)
        return cwd.includes('parley-media') && cwd
      })
      await until(() => parent.stdout().includes('busy'))
      parent.child.kill('SIGKILL')
      await until(() => !existsSync(`/proc/${pid}`))
      await until(() => !existsSync(folder))
    })
  })

  test('a file that is being looked at when it closes is not called broken', async () => {
    const media = opened()
    await expectWell(media)
    const inspected = media.inspect({
      path: await endless(),
      mime: 'image/png',
      into: await emptyFolder(),
    })
    const waiting = media.inspect(await upload(await picture('png'), 'image/png'))
    await Promise.all([
      expect(inspected).rejects.toThrow('Closed'),
      expect(waiting).rejects.toThrow('Closed'),
      media.close(),
    ])
  })

  test('nor one whose process was only starting', async () => {
    const media = opened()
    const file = { path: await endless(), mime: 'image/png', into: await emptyFolder() }
    const inspected = media.inspect(file)
    await Promise.all([expect(inspected).rejects.toThrow('Closed'), media.close()])
  })
})

test('memory stays where it is over a hundred files', async () => {
  const media = opened({ jobsPerChild: 1000 })
  const file = await upload(await noise(200, 150).jpeg().toBuffer(), 'image/jpeg')
  const look = async (times: number) => {
    for (let time = 0; time < times; time++)
      expect(await media.inspect(file)).toHaveProperty('facts.width', 200)
  }
  await look(20)
  const before = process.memoryUsage().rss
  await look(100)
  expect(process.memoryUsage().rss - before).toBeLessThan(32 * mebibyte)
}, 120_000)
