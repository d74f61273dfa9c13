import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { authenticator } from '@parley/core/testing/authenticator'
import { isAccessible } from './a11y-checks.ts'
import { fits } from './fits.ts'
import { type Person, expect, test } from './fixtures.ts'
import { password, signOut } from './person.ts'
import { addApp, codeField, firstStep, recoveryField, twoSteps } from './two-steps.ts'

const confirm = (page: Page) => page.getByRole('dialog', { name: 'Confirm that it is you' })

/** As if they had signed in longer ago. */
const late = `update sessions set confirmed_at = confirmed_at - interval '6 minutes'
  where user_id = (select id from users where email = $1)`

async function prove(page: Page): Promise<void> {
  await confirm(page).getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await expect(confirm(page)).toHaveCount(0)
}

/** The settings as they are when somebody has begun to add an app, and that app. */
async function begin({ page }: Person) {
  await page.goto('/settings/security')
  await twoSteps(page).getByRole('button', { name: 'Set up' }).click()
  await expect(page.getByRole('heading', { name: 'Add an authenticator app' })).toBeFocused()
  const key = await twoSteps(page).getByRole('code').textContent()
  return authenticator((key ?? '').replaceAll(' ', ''))
}

test(
  'one turns on codes of an app, signs in by one, and turns them off again',
  { tag: '@slow' },
  async ({ signUp, tolerate }) => {
    tolerate(/40[13]/)
    const ann = await signUp('ann')
    const { page } = ann
    const part = twoSteps(page)
    const code = await begin(ann)
    await expect(
      part.getByRole('img', { name: 'QR code for your authenticator app' }),
    ).toBeVisible()
    await expect(part).toMatchAriaSnapshot(`
      - region "Two-step sign-in":
        - heading "Two-step sign-in" [level=3]
        - form "Add an authenticator app":
          - heading "Add an authenticator app" [level=4]
          - list:
            - listitem:
              - paragraph: Scan this with your authenticator app.
              - img "QR code for your authenticator app"
              - paragraph: "Or type this key into the app:"
              - code: /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/
              - button "Copy key"
            - listitem:
              - paragraph: Enter the code that the app shows.
              - textbox "Code"
          - button "Turn on"
          - button "Cancel"
    `)
    await isAccessible(page, 'adding an app')
    await codeField(part).fill('12')
    await page.keyboard.press('Enter')
    await expect(codeField(part)).toHaveAccessibleDescription(/A code has 6 digits\.$/)
    await codeField(part).fill(code(9))
    await page.keyboard.press('Enter')
    await expect(part.getByRole('alert')).toHaveText(/The code is wrong or too old/)
    await expect(codeField(part)).toBeFocused()
    await isAccessible(page, 'adding an app with a wrong code')
    await codeField(part).fill(code(-1))
    await page.keyboard.press('Enter')
    await expect(part.getByRole('heading', { name: 'Recovery codes' })).toBeFocused()
    await expect(part.getByRole('listitem')).toHaveCount(10)
    await isAccessible(page, 'recovery codes')
    await part.getByRole('button', { name: 'I have kept them' }).click()
    await expect(part.getByRole('heading', { name: 'Two-step sign-in' })).toBeFocused()
    await expect(part).toContainText('10 recovery codes left.')
    await isAccessible(page, 'codes of an app, turned on')

    await page.goto('/')
    await signOut(page)
    await page.waitForURL('**/signin')
    await firstStep(page, ann.email)
    await codeField(page).fill(code())
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/w\//)
    await page.goto('/settings/security')
    await expect(part).toContainText(/On since .*\d{4}\./)
    await part.getByRole('button', { name: 'Turn off' }).click()
    const dialog = page.getByRole('dialog', { name: 'Turn off' })
    await isAccessible(page, 'turning codes of an app off')
    await dialog.getByRole('button', { name: 'Turn off' }).click()
    await expect(part.getByRole('button', { name: 'Set up' })).toBeVisible()
    await expect(part.getByRole('heading', { name: 'Two-step sign-in' })).toBeFocused()
    await page.goto('/')
    await signOut(page)
    await page.waitForURL('**/signin')
    await page.getByLabel('Email').fill(ann.email)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/w\//)
  },
)

test('recovery codes are copied and saved as they are shown, and only then', async ({
  signUp,
  device,
  tolerate,
}) => {
  tolerate(/401/)
  const ann = await signUp('ann')
  await ann.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { page } = ann
  const part = twoSteps(page)
  const code = await begin(ann)
  await part.getByRole('button', { name: 'Copy key' }).click()
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())
  await expect.poll(clipboard).toMatch(/^[A-Z2-7]{32}$/)
  await codeField(part).fill(code(-1))
  await page.keyboard.press('Enter')
  await expect(part.getByRole('listitem')).toHaveCount(10)
  const codes = await part.getByRole('listitem').allTextContents()
  await part.getByRole('button', { name: 'Copy codes' }).click()
  await expect.poll(clipboard).toBe(codes.join('\n'))
  const saved = page.waitForEvent('download')
  await part.getByRole('button', { name: 'Download codes' }).click()
  const file = await saved
  expect(file.suggestedFilename()).toBe('parley-recovery-codes.txt')
  const text = await readFile(await file.path(), 'utf8')
  expect(text.split('\n')).toEqual(expect.arrayContaining(codes))
  expect(text).toContain(ann.email)
  await page.reload()
  await expect(part).toContainText('10 recovery codes left.')
  await expect(page.getByText(codes[0] ?? '')).toHaveCount(0)

  const other = await (await device()).newPage()
  await firstStep(other, ann.email)
  await other.getByRole('button', { name: 'Use a recovery code' }).click()
  await recoveryField(other).fill(codes[9] ?? '')
  await other.keyboard.press('Enter')
  await other.waitForURL(/\/w\//)
  await page.reload()
  await expect(part).toContainText('9 recovery codes left.')
})

test('AU-22: each change of a second factor asks for a password that was not given lately', async ({
  signUp,
  sql,
  tolerate,
}) => {
  tolerate(/403/)
  const ann = await signUp('ann')
  const { page } = ann
  const part = twoSteps(page)
  await page.goto('/settings/security')
  await sql(late, [ann.email])
  await part.getByRole('button', { name: 'Set up' }).click()
  await expect(confirm(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(confirm(page)).toHaveCount(0)
  await expect(part.getByRole('form')).toHaveCount(0)
  await part.getByRole('button', { name: 'Set up' }).click()
  await prove(page)
  const key = await part.getByRole('code').textContent()
  const code = await authenticator((key ?? '').replaceAll(' ', ''))

  // Who takes more than five minutes to find the app goes on where they were.
  await sql(late, [ann.email])
  await codeField(part).fill(code(-1))
  await page.keyboard.press('Enter')
  await prove(page)
  await expect(part.getByRole('listitem')).toHaveCount(10)
  const old = await part.getByRole('listitem').allTextContents()
  await part.getByRole('button', { name: 'I have kept them' }).click()

  await sql(late, [ann.email])
  await part.getByRole('button', { name: 'New recovery codes' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'New recovery codes' }).click()
  await prove(page)
  await expect(part.getByRole('listitem')).toHaveCount(10)
  const fresh = await part.getByRole('listitem').allTextContents()
  expect(fresh.filter((code) => old.includes(code))).toEqual([])
  await part.getByRole('button', { name: 'I have kept them' }).click()

  await sql(late, [ann.email])
  await part.getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
  await expect(confirm(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(part).toContainText('10 recovery codes left.')
  await part.getByRole('button', { name: 'Turn off' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
  await prove(page)
  await expect(part.getByRole('button', { name: 'Set up' })).toBeVisible()
})

test('what was changed elsewhere is said, and few codes are warned of', async ({
  signUp,
  clientOf,
  sql,
  tolerate,
}) => {
  tolerate(/409/)
  const ann = await signUp('ann')
  const { page } = ann
  const part = twoSteps(page)
  await page.goto('/settings/security')
  await expect(part.getByRole('button', { name: 'Set up' })).toBeVisible()
  const api = await clientOf(ann)
  await addApp(api)
  await part.getByRole('button', { name: 'Set up' }).click()
  await expect(part.getByRole('alert')).toHaveText('This was changed elsewhere in the meantime.')
  await expect(part).toContainText('10 recovery codes left.')
  await sql(
    `update recovery_codes set used_at = now() where (user_id, hash) in (
       select user_id, hash from recovery_codes
       where user_id = (select id from users where email = $1) limit 9)`,
    [ann.email],
  )
  await page.reload()
  await expect(part).toContainText('1 recovery code left. Make new ones before they run out.')
  await isAccessible(page, 'few recovery codes')
  await api.removeTotp()
  await part.getByRole('button', { name: 'New recovery codes' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'New recovery codes' }).click()
  await expect(part.getByRole('button', { name: 'Set up' })).toBeVisible()
})

for (const [locale, names] of Object.entries({
  de: ['Anmeldung in zwei Schritten', 'Einrichten', 'Code', 'Wiederherstellungscodes'],
  ar: ['تسجيل الدخول بخطوتين', 'إعداد', 'الرمز', 'رموز الاسترداد'],
}))
  test(`adding an app speaks ${locale} and fits a small screen`, async ({ signUp }) => {
    const [title = '', begin = '', field = '', codes = ''] = names
    const ann = await signUp('ann')
    const { page } = ann
    await page.setViewportSize({ width: 320, height: 640 })
    await page.evaluate((locale) => localStorage.setItem('parley.locale', locale), locale)
    await page.goto('/settings/security')
    const part = page.getByRole('region', { name: title })
    await fits(page, `no app in ${locale}`)
    await part.getByRole('button', { name: begin }).click()
    const key = await part.getByRole('code').textContent()
    await expect(part.getByRole('img')).toBeVisible()
    await fits(page, `adding an app in ${locale}`)
    const code = await authenticator((key ?? '').replaceAll(' ', ''))
    await part.getByRole('textbox', { name: field }).fill(code(-1))
    await page.keyboard.press('Enter')
    await expect(part.getByRole('heading', { name: codes })).toBeFocused()
    await fits(page, `recovery codes in ${locale}`)
    await isAccessible(page, `recovery codes in ${locale}`)
  })
