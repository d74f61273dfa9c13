import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { faultsOfPage, faultsOfScript, faultsOfStyle, namedBy, scriptsIn } from './built.ts'
import { root } from './files.ts'

const dist = join(root, 'apps/web/dist')
const read = (name: string): string => readFileSync(join(dist, name), 'utf8')
const built = (ending: string): string[] =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending))

describe('WB-07: the client as it is built', () => {
  beforeAll(() => execFileSync('node', [join(root, 'apps/web/build.ts')]))

  test('WB-07: makes no code of text, and names no other host', () => {
    const scripts = built('.js')
    expect(scripts.length).toBeGreaterThan(20)
    const faults = scripts.flatMap((name) => faultsOfScript(read(name)).map((one) => [name, one]))
    expect(faults).toEqual([])
    const styles = [...built('.css'), ...built('.svg')]
    expect(styles.length).toBeGreaterThan(2)
    expect(styles.flatMap((name) => faultsOfStyle(read(name)))).toEqual([])
  })

  test('WB-07: its page has no handlers in it, and loads what lies beside it alone', () => {
    const page = read('index.html')
    expect(faultsOfPage(page)).toEqual([])
    expect(scriptsIn(page)).toHaveLength(1)
    expect(scriptsIn(page).flatMap(faultsOfScript)).toEqual([])
    const named = namedBy(page)
    expect(named.length).toBeGreaterThan(2)
    expect(named.filter((address) => !existsSync(join(dist, address)))).toEqual([])
  })
})

test.each([
  'eval("x")',
  '(0, eval)(x)',
  'window.eval(x)',
  'new Function("a", x)',
  'globalThis.Function(x)',
  'setTimeout("x()", 1)',
  'setInterval(`x(${y})`, 1)',
  'import("https://cdn.example.com/x.js")',
  'fetch(`//cdn.example.com/${x}`)',
  'new WebSocket("wss://example.com/")',
])('a script with %s is refused', (script) => {
  expect(faultsOfScript(script)).toHaveLength(1)
})

test.each([
  '// eval("x")',
  'const text = "eval(x)"',
  'setTimeout(() => x(), 1)',
  'fn instanceof Function',
  'document.createElementNS("http://www.w3.org/2000/svg", "path")',
  'new URL("/api/me", location.href)',
])('a script with %s is let through', (script) => {
  expect(faultsOfScript(script)).toEqual([])
})

test.each([
  '<img src="/x.png" onerror="x()">',
  '<a href="javascript:x()">x</a>',
  '<p style="color: red">x</p>',
  '<iframe src="/x"></iframe>',
  '<script src="https://cdn.example.com/x.js"></script>',
  '<link rel="stylesheet" href="//fonts.example.com/x.css">',
])('a page with %s is refused', (page) => {
  expect(faultsOfPage(page)).toHaveLength(1)
})

test('a style that loads from elsewhere is refused', () => {
  expect(faultsOfStyle('@import url(https://fonts.example.com/x.css);')).toHaveLength(1)
  expect(faultsOfStyle('a { background: url(/x.png) }')).toEqual([])
})
