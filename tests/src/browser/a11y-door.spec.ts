import { isAccessible } from './a11y-checks.ts'
import { composer, main } from './a11y-states.ts'
import { expect, test } from './fixtures.ts'
import { title } from './places.ts'

test('sign-in, with its errors', async ({ device, tolerate }) => {
  tolerate(/401/)
  const page = await (await device()).newPage()
  await page.goto('/signin')
  await expect(main(page)).toMatchAriaSnapshot(`
    - main:
      - heading "Sign in to Parley" [level=1]
      - text: Email
      - textbox "Email"
      - text: Password
      - textbox "Password"
      - button "Show password"
      - button "Sign in"
      - paragraph:
        - text: No account yet?
        - link "Create account":
          - /url: /signup
  `)
  await isAccessible(page, 'sign-in')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('Fill this in.')).toHaveCount(2)
  await expect(main(page)).toMatchAriaSnapshot(`
    - main:
      - textbox "Email" [invalid]
      - paragraph: Fill this in.
      - textbox "Password" [invalid]
      - paragraph: Fill this in.
  `)
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('Fill this in.')
  await isAccessible(page, 'sign-in without anything')
  await page.getByLabel('Email').fill('nobody@example.org')
  await page.getByLabel('Password', { exact: true }).fill('not the right one')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toHaveText('Email or password is wrong.')
  await isAccessible(page, 'sign-in with a wrong password')
})

test('sign-up, with its errors', async ({ device }) => {
  const page = await (await device()).newPage()
  await page.goto('/signup')
  await expect(page.getByText('At least 12 characters')).toBeVisible()
  await expect(main(page)).toMatchAriaSnapshot(`
    - main:
      - heading "Create your account" [level=1]
      - textbox "Name"
      - textbox "Email"
      - textbox "Password"
      - button "Show password"
      - paragraph: /At least 12 characters/
      - textbox "Workspace"
      - paragraph
      - button "Create account"
      - paragraph:
        - text: Have an account?
        - link "Sign in"
  `)
  await isAccessible(page, 'sign-up')
  await page.getByLabel('Email').fill('nobody')
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    /Spaces and symbols are fine. Too short.$/,
  )
  await isAccessible(page, 'sign-up with errors')
})

test('an invite, to who is signed out and who is signed in', async ({ signUp, invite, device }) => {
  const path = await invite(await signUp('ann'))
  const page = await (await device()).newPage()
  await page.goto(path)
  await expect(title(page)).toHaveText(/^You are invited to Acme/)
  await expect(main(page)).toMatchAriaSnapshot(`
    - main:
      - heading /You are invited to/ [level=1]
      - paragraph: 1 person is there.
      - link "Create an account"
      - link "I have an account"
  `)
  await isAccessible(page, 'an invite')
  const { page: theirs } = await signUp('ben')
  await theirs.goto(path)
  await expect(main(theirs)).toMatchAriaSnapshot(`
    - main:
      - heading /You are invited to/ [level=1]
      - paragraph: 1 person is there.
      - button /^Join Acme/
  `)
  await isAccessible(theirs, 'an invite to who is signed in')
})

test('an invite that is gone', async ({ device, tolerate }) => {
  tolerate(/404/)
  const page = await (await device()).newPage()
  await page.goto('/i/nothing')
  await expect(main(page)).toMatchAriaSnapshot(`
    - main:
      - heading "Parley" [level=1]
      - alert: This invite has expired or was used up. Ask for a new one.
      - paragraph:
        - link "Go to the start page"
  `)
  await isAccessible(page, 'an invite that is gone')
})

test('a first run, and the offer of notifications after the first message', async ({ signUp }) => {
  const ann = await signUp('ann')
  const { page } = ann
  await expect(page.getByLabel('Invite link to copy')).toBeVisible()
  await expect(main(page)).toMatchAriaSnapshot(`
    - main "#general":
      - heading "#general" [level=1]
      - region "Invite people":
        - textbox "Invite link to copy": /\\/i\\//
        - button "Copy link"
        - button "Close"
      - 'group "Messages in #general"':
        - paragraph: "This is the start of #general."
      - 'textbox "Message #general"'
      - button "Send message" [disabled]
  `)
  await isAccessible(page, 'a first run')
  await ann.send('Hello everybody')
  await expect(page.getByRole('article')).toContainText('Hello everybody')
  const offer = page.getByRole('region', { name: 'Notifications' })
  await expect(offer).toMatchAriaSnapshot(`
    - region "Notifications":
      - paragraph: Get a notification when somebody writes to you?
      - paragraph:
        - button "Turn on notifications"
        - button "Not now"
  `)
  await isAccessible(page, 'the offer of notifications')
})

test('who is in no workspace founds or joins one', async ({ signUp, clientOf, tolerate }) => {
  tolerate(/404/)
  const ann = await signUp('ann')
  const api = await clientOf(ann)
  const { workspaces } = await api.listWorkspaces()
  for (const { id } of workspaces) await api.deleteWorkspace({ params: { id } })
  await ann.page.getByRole('link', { name: 'Go to the start page' }).click()
  await expect(main(ann.page)).toMatchAriaSnapshot(`
    - main "Create or join a workspace":
      - heading "Create or join a workspace" [level=1]
      - paragraph: You are in no workspace yet.
      - textbox "Workspace name"
      - button "Create workspace"
      - textbox "Invite link"
      - button "Join by link"
  `)
  await isAccessible(ann.page, 'no workspace')
})

test('the dialog over a page whose session ended', async ({ signUp, sql, tolerate }) => {
  tolerate(/401/)
  const ann = await signUp('ann')
  await expect(composer(ann.page)).toBeVisible()
  await sql(
    'update sessions set revoked_at = now() where user_id = (select id from users where email = $1)',
    [ann.email],
  )
  const dialog = ann.page.getByRole('dialog', { name: 'Sign in again' })
  await expect(dialog).toBeVisible({ timeout: 20_000 })
  await expect(dialog).toMatchAriaSnapshot(`
    - dialog "Sign in again":
      - heading "Sign in again" [level=2]
      - paragraph: Your session ended. Sign in to go on where you are.
      - textbox "Email"
      - textbox "Password"
      - button "Sign in"
      - button "Use another account"
  `)
  await isAccessible(ann.page, 'a session that ended')
})

test('in Arabic everything reads from right to left', async ({ device }) => {
  const page = await (await device({ locale: 'ar' })).newPage()
  await page.goto('/signin')
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await expect(title(page)).toHaveText('تسجيل الدخول إلى Parley')
  await isAccessible(page, 'sign-in in Arabic')
})
