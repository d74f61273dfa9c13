import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatServer, startChat } from '../input/kit.ts'

let server: ChatServer
let page: string
let policy: Map<string, string[]>
beforeAll(async () => {
  server = await startChat()
  const reply = await fetch(`${server.url}/docs`)
  page = await reply.text()
  policy = new Map(
    (reply.headers.get('content-security-policy') ?? '').split('; ').map((rule) => {
      const [name = '', ...sources] = rule.split(' ')
      return [name, sources]
    }),
  )
})
afterAll(() => server.stop())

/** Sources of a policy that lie on the page itself. */
const here = new Set(["'self'", "'none'", "'unsafe-inline'", 'data:', 'blob:'])

const scripts = () => [...page.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)]

test('everything the page names lies on this server', async () => {
  const named = [...page.matchAll(/\b(?:src|href|action|data|poster)="([^"]*)"|url\(([^)]*)\)/g)]
  const urls = named.map(
    ([, attribute, css]) => new URL(attribute ?? css ?? '', `${server.url}/docs/`),
  )
  expect(urls.length).toBeGreaterThan(0)
  for (const url of urls) {
    expect(url.origin).toBe(server.url)
    expect((await fetch(url)).status).toBe(200)
  }
  expect(page).not.toMatch(/https?:|\/\/[a-z]/i)
  expect(page).toContain('"url": "/api/openapi.json"')
})

test('its policy lets nothing come from or go elsewhere, whatever its script would like', () => {
  // The script knows fonts, proxies and services of its maker; no source of the policy leads there.
  for (const [name, sources] of policy)
    expect({
      name,
      else: sources.filter((s) => !here.has(s) && !s.startsWith("'sha256-")),
    }).toEqual({ name, else: [] })
  expect(policy.get('default-src')).toEqual(["'none'"])
  expect(policy.get('connect-src')).toEqual(["'self'"])
  expect(policy.get('base-uri')).toEqual(["'none'"])
  expect(policy.get('form-action')).toEqual(["'none'"])
  expect(policy.get('frame-ancestors')).toEqual(["'none'"])
})

test('it runs the scripts that stand in it by their hashes, and no others', () => {
  const texts = scripts().filter(([, attributes = '']) => !attributes.includes('src='))
  const hashes = texts.map(
    ([, , text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  )
  expect(hashes).toHaveLength(1)
  expect(policy.get('script-src')).toEqual(["'self'", ...hashes])
})

test('fonts, telemetry and the services of its maker are switched off', () => {
  for (const off of [
    '"withDefaultFonts": false',
    '"telemetry": false',
    '"showDeveloperTools": "never"',
  ])
    expect(page).toContain(off)
  expect(page.match(/"disabled": true/g)).toHaveLength(2)
  expect(page).not.toContain('proxyUrl')
})
