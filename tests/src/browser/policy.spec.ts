import { expect, test } from './fixtures.ts'

/** Each is tried on the page, and what the browser says of the policy is told. */
const attempts: Record<string, () => unknown> = {
  'a script in the page': () => {
    const script = document.createElement('script')
    script.append('window.broken = true')
    document.body.append(script)
  },
  'a script of another place': () => {
    const script = document.createElement('script')
    Reflect.set(script, 'src', 'https://example.com/x.js')
    document.body.append(script)
  },
  'text that becomes code': () => {
    // oxlint-disable-next-line no-eval -- that is what is to be refused
    ;(0, eval)('window.broken = true')
  },
  'text that becomes elements': () => {
    Reflect.set(document.createElement('div'), 'innerHTML', '<img src=x>')
  },
  'a request to somebody else': () => fetch('https://example.com/'),
  'an image of somebody else': () => {
    document.body.append(Object.assign(new Image(), { src: 'https://example.com/x.png' }))
  },
  'a frame': () => {
    document.body.append(
      Object.assign(document.createElement('iframe'), { src: 'https://example.com/' }),
    )
  },
  'a style in the page': () => {
    const style = document.createElement('style')
    style.append('body { display: none }')
    document.body.append(style)
  },
  'a policy of one’s own': () => {
    const makers: unknown = Reflect.get(window, 'trustedTypes')
    if (typeof makers !== 'object' || makers === null) return
    const create: unknown = Reflect.get(makers, 'createPolicy')
    if (typeof create === 'function') Reflect.apply(create, makers, ['mine', {}])
  },
}

for (const [what, attempt] of Object.entries(attempts)) {
  test(`the browser refuses ${what}`, async ({ device, tolerate }) => {
    tolerate(/./)
    const page = await (await device()).newPage()
    await page.goto('/signin')
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    const refused = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
            resolve(effectiveDirective),
          )
        }),
    )
    // Later, since what the test's own protocol evaluates may do what the policy forbids.
    await page.evaluate(
      `setTimeout(async () => { try { await (${attempt.toString()})() } catch {} })`,
    )
    expect(await refused).toMatch(/-src|trusted-types/)
    expect(await page.evaluate((): unknown => Reflect.get(window, 'broken'))).toBeUndefined()
  })
}

test('WB-04: the page is not to be framed by anybody', async ({ parley }) => {
  const answer = await fetch(`${parley.url}/signin`)
  expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
})
