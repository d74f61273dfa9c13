import type { Page } from '@playwright/test'
import { isAccessible } from './a11y-checks.ts'
import { expect, test } from './fixtures.ts'

const field = (page: Page, name = 'Password') => page.getByLabel(name, { exact: true })
const meter = (page: Page, name = 'Password strength') => page.getByRole('meter', { name })
const isLevel = (page: Page, level: string) =>
  expect(meter(page)).toHaveAttribute('aria-valuetext', level)

test('the strength of a new password is told as it is typed, and what tells it is loaded then', async ({
  device,
  parley,
}) => {
  const page = await (await device()).newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const loaded = () => asked.filter((url) => /strength|common-passwords/i.test(url))
  await page.goto('/signup', { waitUntil: 'networkidle' })
  await expect(meter(page)).toHaveCount(0)
  expect(loaded()).toEqual([])
  await field(page).fill('Password123456789')
  await isLevel(page, 'Weak')
  await expect(page.getByText('Weak', { exact: true })).toBeVisible()
  await field(page).fill('a long password')
  await isLevel(page, 'Fair')
  await field(page).fill('correct horse battery staple')
  await isLevel(page, 'Strong')
  await field(page).fill('kX9$mQ2!')
  await isLevel(page, 'Weak')
  await field(page).fill('')
  await expect(meter(page)).toHaveCount(0)
  expect(loaded()).not.toEqual([])
  expect(new Set(asked.map((url) => new URL(url).origin))).toEqual(new Set([parley.url]))
})

test('what somebody is called makes a password of it weaker', async ({ device }) => {
  const page = await (await device()).newPage()
  await page.goto('/signup')
  await field(page).fill('Zwetschgenröster')
  await isLevel(page, 'Strong')
  await page.getByLabel('Workspace').fill('Zwetschgenröster')
  await isLevel(page, 'Weak')
})

test('where a password is changed its strength is told too, by the names of who changes it', async ({
  signUp,
}) => {
  const ann = await signUp('Zwetschgenwart')
  const { page } = ann
  await page.goto('/settings/security')
  await field(page, 'New password').fill('correct horse battery staple')
  await isLevel(page, 'Strong')
  await field(page, 'New password').fill('Zwetschgenwarts')
  await isLevel(page, 'Weak')
  await isAccessible(page, 'a changed password that is weak')
})

test('the strength is said once somebody stops typing, not at every key', async ({ device }) => {
  const page = await (await device()).newPage()
  await page.goto('/signup')
  await field(page).fill('x')
  const status = page.getByRole('status').filter({ hasText: 'Password strength' })
  await expect(status).toHaveText('Password strength: Weak')
  await status.evaluate((element) => {
    const said: (string | null)[] = []
    Object.assign(globalThis, { said })
    const options = { childList: true, characterData: true, subtree: true }
    new MutationObserver(() => said.push(element.textContent)).observe(element, options)
  })
  await field(page).pressSequentially(' correct horse battery staple', { delay: 30 })
  await expect(status).toHaveText('Password strength: Strong')
  const said: unknown = await page.evaluate('said')
  // On a slow machine the keys may have come with a pause between them.
  expect(Array.isArray(said) && said.length).toBeLessThan(5)
})

test('the steps are told apart in forced colours too', async ({ device }) => {
  const page = await (await device({ forcedColors: 'active' })).newPage()
  await page.goto('/signup')
  await field(page).fill('a long password')
  await isLevel(page, 'Fair')
  const colours = await meter(page).evaluate((meter) =>
    [...meter.children].map((step) => getComputedStyle(step).backgroundColor),
  )
  expect(new Set(colours.slice(0, 2)).size).toBe(1)
  expect(new Set(colours.slice(2)).size).toBe(1)
  expect(colours[0]).not.toBe(colours[3])
})

test('a password of a hundred hard characters does not hold up the keys', async ({ device }) => {
  const page = await (await device()).newPage()
  await page.goto('/signup')
  await field(page).fill('x')
  await isLevel(page, 'Weak')
  await page.evaluate(() => {
    const long: number[] = []
    Object.assign(globalThis, { long })
    new PerformanceObserver((list) =>
      long.push(...list.getEntries().map(({ duration }) => duration)),
    ).observe({ type: 'longtask' })
  })
  const counts: unknown[] = []
  // What else the machine does may make a task long, but not each time.
  for (let time = 0; time < 3; time++) {
    await page.evaluate('long.length = 0')
    await field(page).fill('4@8({[<369&#!1/|0$5+7%2'.repeat(11))
    await isLevel(page, 'Strong')
    counts.push(await page.evaluate('long.length'))
    await field(page).fill('x')
    await isLevel(page, 'Weak')
  }
  expect(counts).toContain(0)
})

for (const { locale, label, level, create, refusal, names } of [
  {
    locale: 'en',
    label: 'Password strength',
    level: 'Weak',
    create: 'Create account',
    refusal: 'This password is too easy to guess.',
    names: ['Name', 'Email', 'Password', 'Workspace'],
  },
  {
    locale: 'de',
    label: 'Stärke des Passworts',
    level: 'Schwach',
    create: 'Konto anlegen',
    refusal: 'Dieses Passwort ist zu leicht zu erraten.',
    names: ['Name', 'E-Mail', 'Passwort', 'Arbeitsbereich'],
  },
  {
    locale: 'ar',
    label: 'قوة كلمة المرور',
    level: 'ضعيفة',
    create: 'إنشاء حساب',
    refusal: 'كلمة المرور هذه سهلة التخمين.',
    names: ['الاسم', 'البريد الإلكتروني', 'كلمة المرور', 'مساحة العمل'],
  },
])
  test(`a common password is called easy to guess, and is kept in its field, in ${locale}`, async ({
    device,
    tolerate,
  }) => {
    tolerate(/422/)
    const page = await (await device({ locale })).newPage()
    await page.goto('/signup')
    const values = [
      `new-${process.pid}`,
      `new-${process.pid}@example.org`,
      'Password123456789',
      'Acme',
    ]
    for (const [at, name] of names.entries()) await field(page, name).fill(values[at] ?? '')
    await expect(meter(page, label)).toHaveAttribute('aria-valuetext', level)
    await page.getByRole('button', { name: create }).click()
    await expect(page.getByText(refusal)).toBeVisible()
    await expect(field(page, names[2])).toBeFocused()
    await expect(field(page, names[2])).toHaveValue('Password123456789')
    await isAccessible(page, `sign-up with a weak password, in ${locale}`)
  })
