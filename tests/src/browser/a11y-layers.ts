import { expect } from '@playwright/test'
import { type State, act, command, composer, dialog } from './a11y-states.ts'
import type { World } from './a11y-world.ts'

const ask = (name: string) => (world: World) => command(world.page, name)

/** What lies over a page: opened on that of #busy. */
export const dialogs: readonly State[] = [
  {
    name: 'create a channel, with a name that is taken',
    async open({ page }) {
      await command(page, 'Create channel')
      await page.getByLabel('Channel name').fill('BUSY')
      await expect(page.getByText('There is a channel with this name already.')).toBeVisible()
    },
    part: dialog('Create channel'),
    tree: `
      - dialog "Create channel":
        - heading "Create channel" [level=2]
        - textbox "Channel name" [invalid]: BUSY
        - paragraph: There is a channel with this name already.
        - group "Who can see it":
          - radio /^Public/ [checked]
          - radio /^Private/
        - combobox "Add people"
        - button "Cancel"
        - button "Create channel"
    `,
  },
  {
    name: 'a picture of a message',
    open: ({ page }) => page.getByRole('button', { name: 'Open second.png' }).press('Enter'),
    part: dialog('Image viewer'),
    tree: `
      - dialog "Image viewer":
        - figure /second.png/:
          - text: /second.png .* PNG/
          - status: 2 of 2
          - button "Download second.png"
          - button "Close"
          - img "second.png"
          - button "Previous image"
          - button "Next image"
    `,
  },
  {
    name: 'a new message, with people to choose from',
    async open({ page, benName }) {
      await command(page, 'New message')
      await page.getByRole('combobox', { name: 'To' }).fill(benName)
      await expect(page.getByRole('option', { name: benName })).toBeVisible()
    },
    part: dialog('New message'),
    tree: `
      - dialog "New message":
        - heading "New message" [level=2]
        - combobox "To" [expanded]: /^ben-/
        - listbox "To":
          - option /^ben-/ [selected]
        - button "Start chat"
    `,
    async close({ page }) {
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await expect(dialog('New message')(page)).toHaveCount(0)
    },
  },
  {
    name: 'a new message to two',
    async open({ page }) {
      await command(page, 'New message')
      for (const name of ['ben', 'eve']) {
        await page.getByRole('combobox', { name: 'To' }).fill(name)
        await page.getByRole('option', { name }).click()
      }
      await expect(page.getByLabel('Group name')).toBeVisible()
    },
    part: dialog('New message'),
    tree: `
      - dialog "New message":
        - button /Take out ben-/
        - button /Take out eve-/
        - combobox "To"
        - textbox "Group name"
        - button "Start chat"
    `,
  },
  {
    name: 'invite people',
    async open({ page }) {
      await command(page, 'Invite people')
      await expect(page.getByLabel('Invite link to copy')).toBeVisible()
    },
    part: dialog(/^Invite people to/),
    tree: `
      - dialog /Invite people to Acme/:
        - heading /Invite people to Acme/ [level=2]
        - textbox "Invite link to copy": /\\/i\\//
        - button "Copy link"
        - button "Done"
    `,
  },
  {
    name: 'settings of the workspace',
    open: ask('Workspace settings'),
    part: dialog(/Acme/),
    tree: `
      - dialog:
        - heading /Acme/ [level=2]
        - group "Icon":
          - button "Choose picture"
          - status: /square/
        - textbox "Workspace name": /^Acme/
        - button "Cancel"
        - button "Save"
    `,
  },
  {
    name: 'create or join a workspace',
    open: ask('Create or join'),
    part: dialog('Create or join a workspace'),
    tree: `
      - dialog "Create or join a workspace":
        - heading "Create or join a workspace" [level=2]
        - textbox "Workspace name"
        - button "Create workspace"
        - textbox "Invite link"
        - button "Join by link"
        - button "Cancel"
    `,
  },
  {
    name: 'settings of the channel',
    open: ({ page }) => page.getByRole('button', { name: 'Chat settings' }).click(),
    part: dialog('Settings of busy'),
    tree: `
      - dialog "Settings of busy":
        - heading "Settings of busy" [level=2]
        - textbox "Channel name": busy
        - textbox "Description": All that happens here, day by day
        - group "Who can see it":
          - radio /^Public/ [checked]
          - radio /^Private/
        - group "Notify me about":
          - radio "All messages" [checked]
          - radio "Mentions of me"
          - radio "Nothing (muted)"
        - button "Leave channel"
        - button "Delete channel"
        - button "Cancel"
        - button "Save"
    `,
  },
  {
    name: 'a question before a channel is deleted',
    async open({ page }) {
      await page.getByRole('button', { name: 'Chat settings' }).click()
      await page.getByRole('button', { name: 'Delete channel' }).click()
    },
    part: dialog('Delete busy?'),
    tree: `
      - dialog "Delete busy?":
        - heading "Delete busy?" [level=2]
        - paragraph: All its messages are deleted for everybody.
        - button "Cancel"
        - button "Delete"
    `,
  },
  {
    name: 'jump to a date',
    open: ({ page }) => page.getByRole('button', { name: 'Jump to date' }).click(),
    part: dialog('Jump to date'),
    tree: `
      - dialog "Jump to date":
        - heading "Jump to date" [level=2]
        - textbox "Date": /\\d{4}-\\d\\d-\\d\\d/
        - button "Cancel"
        - button "Jump"
    `,
  },
  {
    name: 'keyboard shortcuts',
    open: ask('Keyboard shortcuts'),
    part: dialog('Keyboard shortcuts'),
    tree: `
      - dialog "Keyboard shortcuts":
        - heading "Keyboard shortcuts" [level=2]
        - term: Jump to…
        - definition: Ctrl K
        - term: Previous channel
        - definition: Alt ↑
        - button "Done"
    `,
  },
  {
    name: 'a question before a message is deleted',
    open: ({ page }) => act(page, 'Delete'),
    part: dialog('Delete this message?'),
    tree: `
      - dialog "Delete this message?":
        - heading "Delete this message?" [level=2]
        - paragraph: It is gone for everybody here.
        - button "Cancel"
        - button "Delete"
    `,
  },
  {
    name: 'a question about a message that is emptied',
    async open({ page }) {
      await composer(page).press('ArrowUp')
      await composer(page).fill('')
      await composer(page).press('Enter')
    },
    part: dialog('Delete this message?'),
    tree: `
      - dialog "Delete this message?":
        - paragraph: You removed all of its text.
        - button "Cancel"
        - button "Delete message"
    `,
    async close({ page }) {
      await page.keyboard.press('Escape')
      await expect(dialog('Delete this message?')(page)).toHaveCount(0)
      await composer(page).press('Escape')
    },
  },
  {
    name: 'add people',
    async open({ page }) {
      await page.getByRole('button', { name: 'Members' }).click()
      await page.getByRole('button', { name: 'Add people' }).click()
    },
    part: dialog('Add people'),
    tree: `
      - dialog "Add people":
        - heading "Add people" [level=2]
        - combobox "People"
        - button "Cancel"
        - button "Add people"
    `,
    async close({ page }) {
      await page.keyboard.press('Escape')
      await expect(dialog('Add people')(page)).toHaveCount(0)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('complementary', { name: 'Members' })).toHaveCount(0)
    },
  },
]
