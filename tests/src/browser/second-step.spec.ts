import { isAccessible } from './a11y-checks.ts'
import { main } from './a11y-states.ts'
import { fits } from './fits.ts'
import { expect, test } from './fixtures.ts'
import { password } from './person.ts'
import { addApp, codeField, firstStep, recoveryField } from './two-steps.ts'

const inside = /\/w\/\d+\/c\/\d+$/

test('who has an app signs in by its code after the password, and its part is loaded only then', async ({
  signUp,
  clientOf,
  device,
  tolerate,
}) => {
  tolerate(/40[13]/)
  const ann = await signUp('ann')
  const { code } = await addApp(await clientOf(ann))
  const page = await (await device()).newPage()
  const loaded: string[] = []
  page.on('request', (request) => loaded.push(request.url()))
  const second = () => loaded.filter((url) => /\/assets\/(?:second|SecondStep)/.test(url))
  await page.goto('/signin', { waitUntil: 'networkidle' })
  expect(second()).toEqual([])
  await firstStep(page, ann.email)
  expect(second()).not.toEqual([])
  await expect(main(page)).toMatchAriaSnapshot(`
    - main:
      - heading "Sign in to Parley" [level=1]
      - paragraph: ${ann.email}
      - textbox "Code"
      - paragraph: The 6 digits that your authenticator app shows.
      - button "Sign in"
      - button "Use a recovery code"
      - button "Back"
  `)
  await expect(codeField(page)).toHaveAttribute('autocomplete', 'one-time-code')
  await expect(codeField(page)).toHaveAttribute('inputmode', 'numeric')
  await isAccessible(page, 'the second step')
  // What can be no code takes no try.
  let tries = 0
  page.on('request', (request) => (tries += Number(request.url().endsWith('/signin/second'))))
  await codeField(page).fill('12345')
  await page.keyboard.press('Enter')
  await expect(codeField(page)).toHaveAccessibleDescription(/A code has 6 digits\.$/)
  await isAccessible(page, 'the second step with too few digits')
  expect(tries).toBe(0)

  await codeField(page).fill(code(9))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText(/The code is wrong or too old/)
  await expect(codeField(page)).toBeFocused()
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(code(9))
  await isAccessible(page, 'the second step with a wrong code')
  // As apps show it.
  const now = code()
  await codeField(page).fill(`${now.slice(0, 3)} ${now.slice(3)}`)
  await page.keyboard.press('Enter')
  await page.waitForURL(inside)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('#general')
})

test(
  'AU-22: a recovery code lets somebody in once, a code of the app once',
  { tag: '@slow' },
  async ({ signUp, clientOf, device, tolerate }) => {
    tolerate(/40[13]/)
    const ann = await signUp('ann')
    const { code, recovery } = await addApp(await clientOf(ann))
    const [one = '', other = ''] = recovery
    const page = await (await device()).newPage()
    await firstStep(page, ann.email)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await expect(recoveryField(page)).toBeFocused()
    await expect(recoveryField(page)).toHaveAttribute('inputmode', 'text')
    await isAccessible(page, 'the second step by a recovery code')
    await recoveryField(page).fill(one)
    await page.keyboard.press('Enter')
    await page.waitForURL(inside)

    const again = await (await device()).newPage()
    await firstStep(again, ann.email)
    await again.getByRole('button', { name: 'Use a recovery code' }).click()
    await recoveryField(again).fill(one)
    await again.keyboard.press('Enter')
    await expect(again.getByRole('alert')).toHaveText(
      'The recovery code is wrong or was used before.',
    )
    await expect(recoveryField(again)).toBeFocused()
    // What was wrong is of the other field.
    await again.getByRole('button', { name: 'Use the app' }).click()
    await expect(again.getByRole('alert')).toHaveCount(0)
    await expect(codeField(again)).toHaveValue('')
    const used = code()
    await codeField(again).fill(used)
    await again.keyboard.press('Enter')
    await again.waitForURL(inside)

    const third = await (await device()).newPage()
    await firstStep(third, ann.email)
    await codeField(third).fill(used)
    await third.keyboard.press('Enter')
    await expect(third.getByRole('alert')).toHaveText(/The code is wrong or too old/)
    await third.getByRole('button', { name: 'Use a recovery code' }).click()
    await recoveryField(third).fill(other.toUpperCase())
    await third.keyboard.press('Enter')
    await third.waitForURL(inside)
  },
)

test(
  'AU-22: a step that is over, by time or by tries, leads back to the first, which keeps the address',
  { tag: '@slow' },
  async ({ signUp, clientOf, device, sql, tolerate }) => {
    tolerate(/40[13]/)
    const ann = await signUp('ann')
    const { code } = await addApp(await clientOf(ann))
    const page = await (await device()).newPage()
    const field = page.getByLabel('Password', { exact: true })
    const isBack = async () => {
      await expect(page.getByRole('alert')).toHaveText(/^That took too long or too many attempts/)
      await expect(page.getByLabel('Email')).toHaveValue(ann.email)
      await expect(field).toHaveValue('')
      await expect(field).toBeFocused()
      await expect(codeField(page)).toHaveCount(0)
    }
    await firstStep(page, ann.email)
    await sql('update pending_sign_ins set expires_at = now()')
    await codeField(page).fill(code())
    await page.keyboard.press('Enter')
    await isBack()
    await isAccessible(page, 'a second step that is over')

    await field.fill(password)
    await page.keyboard.press('Enter')
    await expect(page.getByRole('alert')).toHaveCount(0)
    for (let tries = 0; tries < 5; tries++) {
      await expect(page.getByRole('button', { name: 'Sign in' })).toHaveAttribute(
        'aria-busy',
        'false',
      )
      await codeField(page).fill(code(9))
      await page.keyboard.press('Enter')
      await expect(page.getByRole('alert')).toHaveText(/The code is wrong/)
    }
    await codeField(page).fill(code())
    await page.keyboard.press('Enter')
    await isBack()

    await field.fill(password)
    await page.keyboard.press('Enter')
    await codeField(page).fill(code())
    await page.keyboard.press('Enter')
    await page.waitForURL(inside)
  },
)

test('one goes back by a button too, and a server that cannot be reached costs nothing', async ({
  signUp,
  clientOf,
  device,
  tolerate,
}) => {
  tolerate(/401|ERR_FAILED/)
  const ann = await signUp('ann')
  const { code } = await addApp(await clientOf(ann))
  const page = await (await device()).newPage()
  await firstStep(page, ann.email)
  await page.getByRole('button', { name: 'Back' }).click()
  await expect(page.getByLabel('Email')).toHaveValue(ann.email)
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await expect(codeField(page)).toBeFocused()
  await page.route('**/api/signin/second', (route) => route.abort())
  await codeField(page).fill(code())
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toHaveText('Can’t reach the server. Try again.')
  await page.unroute('**/api/signin/second')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(inside)
})

test('over a page whose session ended the second step is asked for too', async ({
  signUp,
  clientOf,
  sql,
  tolerate,
}) => {
  tolerate(/40[13]/)
  const ann = await signUp('ann')
  const { code } = await addApp(await clientOf(ann))
  const box = ann.page.getByRole('textbox', { name: /^Message / })
  await box.fill('A draft')
  await sql(
    'update sessions set revoked_at = now() where user_id = (select id from users where email = $1)',
    [ann.email],
  )
  const dialog = ann.page.getByRole('dialog', { name: 'Sign in again' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await ann.page.keyboard.press('Enter')
  await expect(codeField(dialog)).toBeFocused()
  await isAccessible(ann.page, 'the second step over a page')
  await sql('update pending_sign_ins set expires_at = now()')
  await codeField(dialog).fill(code())
  await ann.page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText(/^That took too long/)
  await expect(dialog.getByLabel('Password', { exact: true })).toBeFocused()
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await ann.page.keyboard.press('Enter')
  await codeField(dialog).fill(code())
  await ann.page.keyboard.press('Enter')
  await expect(dialog).toHaveCount(0)
  await expect(box).toHaveValue('A draft')
})

for (const { locale, email, secret, code, recovery, use } of [
  {
    locale: 'de',
    email: 'E-Mail',
    secret: 'Passwort',
    code: 'Code',
    recovery: 'Wiederherstellungscode',
    use: 'Wiederherstellungscode verwenden',
  },
  {
    locale: 'ar',
    email: 'البريد الإلكتروني',
    secret: 'كلمة المرور',
    code: 'الرمز',
    recovery: 'رمز الاسترداد',
    use: 'استخدام رمز استرداد',
  },
])
  test(`the second step speaks ${locale}, fits a small screen, and takes the digits of its keyboards`, async ({
    signUp,
    clientOf,
    device,
    tolerate,
  }) => {
    tolerate(/401/)
    const ann = await signUp('ann')
    const app = await addApp(await clientOf(ann))
    const page = await (await device({ locale, viewport: { width: 320, height: 640 } })).newPage()
    const field = (name: string) => page.getByRole('textbox', { name, exact: true })
    await page.goto('/signin')
    await field(email).fill(ann.email)
    await field(secret).fill(password)
    await page.keyboard.press('Enter')
    await expect(field(code)).toBeFocused()
    await fits(page, `the second step in ${locale}`)
    await page.getByRole('button', { name: use }).click()
    await expect(field(recovery)).toBeFocused()
    await fits(page, `the second step by a recovery code in ${locale}`)
    await isAccessible(page, `the second step in ${locale}`)
    await page.getByRole('button').nth(1).click()
    const arabic = app.code().replaceAll(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'.charAt(Number(digit)))
    await field(code).fill(arabic)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/w\//)
  })
