/**
 * Builds the client and weighs what a browser loads before a page can be used: gzip, as the servers'
 * proxies send it. The last line is one to count by.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import './build.ts'

interface Chunk {
  file: string
  imports?: string[]
  dynamicImports?: string[]
  css?: string[]
}

const dist = join(import.meta.dirname, 'dist')
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as Vite writes it
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Partial<
  Record<string, Chunk>
>

const kB = (file: string): number =>
  gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1000

/** The chunks that come with these, each once. */
function closure(names: readonly string[], seen = new Map<string, Chunk>()): Map<string, Chunk> {
  for (const name of names) {
    const chunk = manifest[name]
    if (!chunk) throw new Error(`There is no chunk ${name}.`)
    if (seen.has(name)) continue
    seen.set(name, chunk)
    closure(chunk.imports ?? [], seen)
  }
  return seen
}
const weigh = (files: Iterable<string>): number =>
  [...new Set(files)].reduce((sum, file) => sum + kB(file), 0)

/** What the page itself names. */
const page = readFileSync(join(dist, 'index.html'), 'utf8')
const named = Object.entries(manifest).flatMap(([name, chunk]) =>
  chunk?.file.endsWith('.js') === true && page.includes(`="/${chunk.file}"`) ? [name] : [],
)
const signIn = closure([...named, 'src/auth/door.ts'])
const chat = closure([...named, 'src/app/full.ts', 'src/words/en.ts'])
const scripts = (chunks: Map<string, Chunk>) => [...chunks.values()].map(({ file }) => file)
const styles = (chunks: Map<string, Chunk>) => [...chunks.values()].flatMap(({ css = [] }) => css)
const lazy = Object.entries(manifest)
  .filter(([name]) => !chat.has(name) && !signIn.has(name))
  .flatMap(([, chunk]) => (chunk?.file.endsWith('.js') === true ? [chunk.file] : []))

/** In kB of 1,000 bytes. */
const budgets: readonly [what: string, weight: number, most: number][] = [
  ['scripts before signing in', weigh(scripts(signIn)), 45],
  ['scripts before a chat', weigh(scripts(chat)), 110],
  ['styles before a chat', weigh(styles(chat)), 15],
  ['largest lazy script', Math.max(0, ...lazy.map(kB)), 40],
]

let passed = 0
for (const [what, weight, most] of budgets) {
  const fits = weight <= most
  if (fits) passed++
  const line = `${what.padEnd(28)} ${weight.toFixed(1).padStart(6)} of ${most} kB`
  process.stdout.write(`${fits ? 'ok    ' : 'FAILED'} ${line}\n`)
}
process.stdout.write(`${passed} passed, ${budgets.length - passed} failed\n`)
process.exitCode = passed === budgets.length ? 0 : 1
