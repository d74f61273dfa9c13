import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CspEvaluator } from 'csp_evaluator'
import { type Finding, Severity } from 'csp_evaluator/dist/finding.js'
import { CspParser } from 'csp_evaluator/dist/parser.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatServer, startChat } from '../input/kit.ts'

let server: ChatServer
let webDir: string
beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'parley-web-'))
  const page = '<!doctype html><script>document.title = 1</script>'
  await writeFile(join(webDir, 'index.html'), page)
  const settings = { PARLEY_WEB_DIR: webDir, PARLEY_PUBLIC_URL: 'https://chat.example.org' }
  server = await startChat({ ...settings, PARLEY_EVENTS_URL: 'https://chat.example.org' })
})
afterAll(async () => {
  await server.stop()
  await rm(webDir, { recursive: true, force: true })
})

const evaluate = (policy: string): Finding[] =>
  new CspEvaluator(new CspParser(policy).csp).evaluate()

/** What is certain to be a hole, or is written in a way that no browser reads. */
const grave = (policy: string): string[] =>
  evaluate(policy)
    .filter(({ severity }) => severity <= Severity.SYNTAX)
    .map(({ directive, value = '', description }) => `${directive} ${value}: ${description}`)

test.each(['/', '/signin', '/w/1/c/2', '/settings', '/docs', '/docs/', '/docs/js/scalar.js'])(
  'WB-07: an evaluator of policies finds nothing grave in that of %s',
  async (path) => {
    const policy = (await fetch(server.url + path)).headers.get('content-security-policy') ?? ''
    expect(policy).toContain('script-src')
    expect(grave(policy)).toEqual([])
  },
)

test('WB-07: in that of the client it finds nothing of medium weight either', async () => {
  const policy = (await fetch(server.url)).headers.get('content-security-policy') ?? ''
  const found = evaluate(policy).filter(({ severity }) => severity < Severity.MEDIUM_MAYBE)
  expect(found).toEqual([])
})

test.each([
  '',
  "script-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'",
  "default-src 'self' 'unsafe-eval' data:; base-uri 'none'",
  "default-src *; base-uri 'none'",
  "script-src 'self'; base-uri 'none'",
  "default-src 'none'; script-src https://ajax.googleapis.com; base-uri 'none'",
  "default-src 'none' script-src 'self'; base-uri 'none'",
])('what is wrong in the policy "%s" is found', (policy) => {
  expect(grave(policy)).not.toEqual([])
})
