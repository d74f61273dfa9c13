import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { freePort } from '@parley/core/testing/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../stack/servers.ts'

/** What may lie in the folder of the web client by mistake, and what belongs there. */
const hidden = [
  '.env',
  '.git/config',
  '.vite/manifest.json',
  'assets/.htpasswd',
  'assets/page.js.map',
  'index.html.map',
]
const shown = ['index.html', 'assets/page.js']

let webDir: string
let stack: Stack
beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'parley-web-'))
  for (const name of [...hidden, ...shown]) {
    await mkdir(dirname(join(webDir, name)), { recursive: true })
    await writeFile(join(webDir, name), 'CaNaRy')
  }
  // There are metrics, elsewhere.
  const ports = [await freePort(), await freePort()].map(String)
  stack = await startStack(
    {},
    {
      PARLEY_WEB_DIR: webDir,
      PARLEY_CHAT_METRICS_PORT: ports[0] ?? '',
      PARLEY_NOTIFY_METRICS_PORT: ports[1] ?? '',
    },
  )
})
afterAll(async () => {
  await stack.stop()
  await rm(webDir, { recursive: true })
})

const asked = [
  ...hidden,
  'metrics',
  'metrics/',
  'debug',
  'debug/pprof/',
  'debug/vars',
  'json/list',
  'server-status',
  'actuator/env',
  '.git/HEAD',
  '.well-known/../.env',
  'assets/%2e%2e/.env',
  'assets/..%2f.env',
  'package.json',
  'src/main.ts',
  'docs/js/scalar.js.map',
]

test('OP-04: what the client is made of is there', async () => {
  for (const path of ['', 'assets/page.js'])
    expect(await (await fetch(`${stack.chatUrls[0]}/${path}`)).text()).toBe('CaNaRy')
})

test.for(asked)('OP-04: from outside there is no /%s', async (path) => {
  const notify = new URL('/', stack.eventsUrls[0]).href
  for (const url of [`${stack.chatUrls[0]}/${path}`, `${notify}${path}`]) {
    const response = await fetch(url)
    expect(response.status).toBe(404)
    expect(await response.text()).not.toContain('CaNaRy')
  }
})
