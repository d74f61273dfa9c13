import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@parley/sdk'
import { type Figure, percentile } from '../figure.ts'
import type { Measurement } from '../stage.ts'
import { MiB, openConnection, uploadForm, uploadResumably } from './client.ts'
import { type Nginx, startNginx } from './nginx.ts'
import { type Place, placeForFiles } from './place.ts'

const large = 100 * MiB
const small = { count: 1000, size: 4096 }
const rounds = 7
/** Of each of ten people at once. */
const crowd = { people: 10, size: 200 * MiB }

const name = (text: string): string => `files: ${text}`
const ratio = (text: string, measured: number, budget = Infinity): Figure => ({
  name: name(text),
  measured,
  budget,
  unit: 'x',
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
const median = (values: readonly number[]): number => percentile(values, 0.5)

const addressOf = async (bob: Client, id: number): Promise<string> =>
  (await bob.openFile({ params: { id }, query: {} })).url

/** The same bytes by the same client, from us and from nginx in turn; how many times as long it takes. */
async function downloads({ url, bob, token }: Place, nginx: Nginx): Promise<Figure[]> {
  await writeFile(join(nginx.folder, 'large'), Buffer.alloc(large, 'x'))
  await Promise.all(
    Array.from({ length: small.count }, (_, n) =>
      writeFile(join(nginx.folder, String(n)), Buffer.alloc(small.size, 'x')),
    ),
  )
  const id = await uploadForm({ url, token, size: large })
  const ids: number[] = []
  while (ids.length < small.count) ids.push(await uploadForm({ url, token, size: small.size }))
  // Later, they would have been idle for too long.
  const [ours, theirs] = [await openConnection(url), await openConnection(nginx.url)]
  const addresses = await Promise.all(ids.map((one) => addressOf(bob, one)))
  const times = {
    ours: [] as number[],
    theirs: [] as number[],
    many: [] as number[],
    bare: [] as number[],
  }
  for (let round = 0; round < rounds; round++) {
    const address = await addressOf(bob, id)
    times.ours.push(await timed(() => ours.get(address)))
    times.theirs.push(await timed(() => theirs.get('/large')))
  }
  for (let round = 0; round < 3; round++) {
    times.many.push(
      await timed(async () => {
        for (const address of addresses) await ours.get(address)
      }),
    )
    times.bare.push(
      await timed(async () => {
        for (let n = 0; n < small.count; n++) await theirs.get(`/${n}`)
      }),
    )
  }
  ours.close()
  theirs.close()
  return [
    ratio('download of 100 MiB, nginx sendfile = 1', median(times.ours) / median(times.theirs), 2),
    ratio('1,000 downloads of 4 KiB, nginx = 1', median(times.many) / median(times.bare)),
  ]
}

/** Against `cp`, which asks nobody, makes no digest and does not wait for the disk. */
async function uploads({ url, token }: Place): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-cp-'))
  await writeFile(join(folder, 'large'), Buffer.alloc(large, 'x'))
  await mkdir(join(folder, 'many'))
  for (let n = 0; n < small.count; n++)
    await writeFile(join(folder, 'many', String(n)), Buffer.alloc(small.size, 'x'))
  const copy = (from: string) => async () =>
    void spawnSync('cp', ['-r', join(folder, from), join(folder, `${from} copied`)])
  const times = { ours: [] as number[], theirs: [] as number[] }
  for (let round = 0; round < 3; round++) {
    times.ours.push(await timed(() => uploadForm({ url, token, size: large })))
    times.theirs.push(await timed(copy('large')))
    await rm(join(folder, 'large copied'))
  }
  const many = await timed(async () => {
    for (let n = 0; n < small.count; n++) await uploadForm({ url, token, size: small.size })
  })
  const bare = await timed(copy('many'))
  await rm(folder, { recursive: true })
  return [
    ratio('upload of 100 MiB, cp = 1', median(times.ours) / median(times.theirs)),
    ratio('1,000 uploads of 4 KiB, cp -r = 1', many / bare),
  ]
}

/** Ten people at once, and then as many who get what was stored. */
async function memory(place: Place): Promise<Figure[]> {
  const { url, bob, token, growth } = place
  const all = <T>(work: () => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: crowd.people }, work))
  const figures: Figure[] = []
  const add = (text: string, measured: number) =>
    figures.push({ name: name(`memory, ${text}`), measured, budget: 32, unit: 'MiB' })
  for (const [text, upload] of [
    ['10 forms of 200 MiB', uploadForm],
    ['10 resumable uploads of 200 MiB', uploadResumably],
  ] as const) {
    let ids: number[] = []
    add(
      text,
      await growth(async () => {
        ids = await all(() => upload({ url, token, size: crowd.size }))
      }),
    )
    add(
      `${crowd.people} downloads of 200 MiB`,
      await growth(async () => {
        await Promise.all(
          ids.map(async (id) => {
            const connection = await openConnection(url)
            await connection.get(await addressOf(bob, id))
            connection.close()
          }),
        )
      }),
    )
    for (const id of ids) await bob.deleteFile({ params: { id } })
  }
  return figures
}

/** Files up and down the whole path, beside programs that do nothing but move bytes. */
export const files: Measurement = {
  name: 'files',
  async run() {
    const [place, nginx] = [await placeForFiles(), await startNginx()]
    try {
      if (!nginx) console.log('There is no nginx (NGINX_PATH): downloads are compared with none.')
      const compared = nginx ? await downloads(place, nginx) : []
      return [...compared, ...(await uploads(place)), ...(await memory(place))]
    } finally {
      await nginx?.stop()
      await place.stop()
    }
  },
}
