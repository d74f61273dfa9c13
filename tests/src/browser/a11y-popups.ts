import { type Page, expect } from '@playwright/test'
import { type State, act, composer, dialog, own } from './a11y-states.ts'
import type { World } from './a11y-world.ts'

const menu = (name: string | RegExp) => (page: Page) => page.getByRole('menu', { name })
async function type(page: Page, text: string): Promise<void> {
  await composer(page).fill('')
  await composer(page).pressSequentially(text)
}
const emptied = async ({ page }: World) => {
  await page.keyboard.press('Escape')
  await composer(page).fill('')
}

export const popups: readonly State[] = [
  {
    name: 'the switcher with results',
    async open({ page }) {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Jump to…' }).fill('b')
      await expect(page.getByRole('option', { name: /^busy/ })).toBeVisible()
    },
    part: dialog('Jump to…'),
    tree: `
      - dialog "Jump to…":
        - combobox "Jump to…" [expanded]: b
        - listbox "Results":
          - option /^ben-/ [selected]
          - option /^busy/
          - option "Browse channels"
        - status: /results/
    `,
  },
  {
    name: 'the switcher without',
    async open({ page }) {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'Jump to…' }).fill('qqqqq')
      await expect(page.getByRole('option')).toHaveCount(0)
    },
    part: dialog('Jump to…'),
    tree: `
      - dialog "Jump to…":
        - combobox "Jump to…" [expanded]: qqqqq
        - listbox "Results"
        - status: 0 results
    `,
  },
  {
    name: 'the menu of a member',
    async open({ page }) {
      await page.getByRole('button', { name: 'Members' }).click()
      await page.getByRole('button', { name: /^Actions for ben/ }).click()
    },
    part: menu(/^Actions for ben/),
    tree: `
      - menu /^Actions for ben-/:
        - menuitem /Message ben-/
        - menuitem "Make admin"
        - menuitem "Make owner"
        - separator
        - menuitem "Remove"
    `,
    async close({ page }) {
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await expect(page.getByRole('complementary', { name: 'Members' })).toHaveCount(0)
    },
  },
  {
    name: 'people to mention',
    open: ({ page }) => type(page, '@be'),
    part: (page) => page.getByRole('listbox', { name: 'People' }),
    tree: `
      - listbox "People":
        - option /^ben-/ [selected]
    `,
    close: emptied,
  },
  {
    name: 'emoji by name',
    open: ({ page }) => type(page, ':smi'),
    part: (page) => page.getByRole('listbox', { name: 'Emoji' }),
    tree: `
      - listbox "Emoji":
        - option ":smile:" [selected]
        - option ":smirk:"
    `,
    close: emptied,
  },
  {
    name: 'a text that is too long',
    open: ({ page }) => composer(page).fill('x '.repeat(16_100)),
    part: (page) => page.getByText(/^Too long by/),
    tree: `
      - paragraph: /Too long by [\\d,]+ characters/
    `,
    close: emptied,
  },
  {
    name: 'a message that is edited',
    open: ({ page }) => composer(page).press('ArrowUp'),
    part: (page) => page.getByText('Editing message'),
    tree: `
      - status: Editing message
    `,
  },
  {
    name: 'the toolbar of a message',
    open: ({ page }) => own(page).hover(),
    part: (page) => page.getByRole('toolbar', { name: 'Message actions' }),
    tree: `
      - toolbar "Message actions":
        - button "Edit"
        - button "Mark unread from here"
        - button "Copy link"
        - button "Delete"
    `,
    async close({ page }) {
      await page.getByRole('heading', { level: 1 }).hover()
      await expect(page.getByRole('toolbar')).toHaveCount(0)
    },
  },
  {
    name: 'a tooltip',
    open: ({ page }) => page.getByRole('button', { name: 'Jump to date' }).hover(),
    part: (page) => page.getByText('Jump to date', { exact: true }),
  },
  {
    name: 'a toast',
    async open({ page }) {
      await act(page, 'Delete')
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    },
    part: (page) => page.getByRole('status').filter({ hasText: 'Message deleted' }),
    tree: `
      - status:
        - text: Message deleted
        - button "Undo"
    `,
    async close({ page }) {
      await page.getByRole('button', { name: 'Undo' }).click()
      await expect(own(page)).toBeVisible()
    },
  },
]

/** What the sidebar opens: it is a place of its own on a phone. */
export const menus: readonly State[] = [
  {
    name: 'the menu that adds a channel',
    open: ({ page }) => page.getByRole('button', { name: 'Add a channel' }).click(),
    part: menu('Add a channel'),
    tree: `
      - menu "Add a channel":
        - menuitem "Create channel"
        - menuitem "Browse channels"
    `,
  },
  {
    name: 'the menu of the workspace',
    open: ({ page }) => page.getByRole('button', { name: /^Acme/ }).click(),
    part: menu('Workspace menu'),
    tree: `
      - menu "Workspace menu":
        - menuitem "Invite people"
        - menuitem "Workspace settings"
        - menuitem "Create or join a workspace"
        - menuitem "Settings"
        - menuitem "Sign out"
    `,
  },
]
