/**
 * Builds the client into `dist`, unless what is there was built from the same files. The new one
 * takes the old one's place as a whole, so that a server never finds half of it.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = import.meta.dirname
const dist = join(here, 'dist')
const stampFile = '.built-from'

/** All that the client is made of, and the versions of what makes it. */
const sources = ['apps/web', 'packages/sdk', 'packages/contract', 'package-lock.json']
const ours = /^(?!(?:.*\/)?(?:dist|node_modules|fixtures)(?:\/|$))(?!.*\.test\.ts$)/

function stamp(): string {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(root, source)
    const names = source.includes('.')
      ? ['']
      : readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
          .filter((name) => ours.test(name) && !name.startsWith('dist'))
          .toSorted()
    for (const name of names)
      hash.update(`${source}/${name}\0`).update(readFileSync(join(path, name)))
  }
  return hash.digest('hex')
}

/** Text is sent as it is compressed here, once and as small as can be, not at every request. */
function compress(folder: string): void {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:js|css|svg)$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    const text = readFileSync(path)
    const packed = { br: brotliCompressSync(text, quality), gz: gzipSync(text, { level: 9 }) }
    for (const [ending, bytes] of Object.entries(packed))
      if (bytes.length < text.length) writeFileSync(`${path}.${ending}`, bytes)
  }
}

const wanted = stamp()
const isBuilt = (): boolean => {
  const stamped = join(dist, stampFile)
  return existsSync(stamped) && readFileSync(stamped, 'utf8') === wanted
}

/** By renaming alone: what is half removed would be in the way of another one that builds. */
function takePlace(fresh: string): void {
  const old = `${fresh}.old`
  for (let tries = 1; !isBuilt(); tries++)
    try {
      if (existsSync(dist)) renameSync(dist, old)
      renameSync(fresh, dist)
    } catch (error) {
      if (tries === 5) throw error
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
}

if (!isBuilt()) {
  // Whoever builds it: a test that starts everything does so in an environment of its own.
  process.env['NODE_ENV'] = 'production'
  const { build } = await import('vite')
  const fresh = `${dist}.${process.pid}`
  try {
    await build({
      configFile: join(here, 'vite.config.ts'),
      logLevel: 'error',
      build: { outDir: fresh },
    })
    compress(fresh)
    writeFileSync(join(fresh, stampFile), wanted)
    takePlace(fresh)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}
