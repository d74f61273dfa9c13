import { expect } from '@playwright/test'
import { type State, main, newest } from './a11y-states.ts'
import type { World } from './a11y-world.ts'
import { title } from './places.ts'
import { twoSteps } from './two-steps.ts'

const stay = async () => undefined

const at = (path: keyof World['paths'], heading: RegExp) => async (world: World) => {
  await world.page.goto(world.paths[path])
  await expect(title(world.page)).toHaveText(heading)
}
const settings = (page: string, tree: string): State => ({
  name: `settings: ${page}`,
  async open({ page: tab }) {
    await tab.goto(`/settings/${page}`)
    await expect(title(tab)).toHaveText(/^Settings/)
  },
  part: main,
  tree: `
    - main "Settings":
      - heading "Settings" [level=1]
      - navigation "Settings":
        - link "Account"
        - link "Security"
        - link "Appearance"
        - link "Notifications"
${tree}`,
  close: stay,
})

export const places: readonly State[] = [
  {
    name: 'a busy channel',
    async open(world) {
      await at('busy', /busy/)(world)
      await expect(newest(world.page)).toBeVisible()
    },
    part: main,
    tree: `
      - main "#busy":
        - heading "#busy" [level=1]
        - text: /All that happens here, day by day · 3 members/
        - button "Jump to date"
        - button "Members"
        - button "Chat settings"
        - 'group "Messages in #busy"':
          - list:
            - listitem:
              - separator "Yesterday"
              - article /ben-\\S+ Good morning/:
                - time: /\\d\\d:\\d\\d/
                - paragraph: /^Good morning/
            - listitem:
              - article /ben-\\S+ And one more/
            - listitem:
              - article:
                - list:
                  - listitem:
                    - paragraph: one
                - blockquote:
                  - paragraph: said before
                - paragraph:
                  - link "https://example.org/a/long/path"
                  - code: npm ci
            - listitem:
              - article:
                - region "Code, ts":
                  - code: /answer = 42/
                - button "Copy code": Copy
            - listitem:
              - article /Donaudampf/
            - listitem:
              - article /صباح الخير/
            - listitem:
              - article /🎉/
            - listitem:
              - article:
                - button "Open first.png"
                - button "Open second.png"
                - button /Download a plan/
            - listitem:
              - separator "Today"
              - article /ben-\\S+ A typo/:
                - text: (edited)
            - listitem:
              - article /eve-\\S+ This message was deleted/
            - listitem:
              - article /ann-\\S+ What I said myself/
            - listitem:
              - separator "New messages": New
              - article /ben-\\S+ Have a look, @ann-\\S+, and tell us what you think/:
                - paragraph:
                  - strong: us
                  - emphasis: think
            - listitem:
              - article /eve-\\S+ The newest message/
          - log "New messages"
        - button "Attach files"
        - 'textbox "Message #busy"'
        - button "Send message" [disabled]
    `,
    close: stay,
  },
  {
    name: 'a direct message',
    open: at('direct', /^ben/),
    part: main,
    tree: `
      - main /^ben-/:
        - heading /^ben-/ [level=1]
        - text: Offline
        - button "Jump to date"
        - button "Chat settings"
        - group /Messages in ben-/:
          - list:
            - listitem:
              - article /ben-\\S+ Are you there/
        - textbox /Message ben-/
    `,
    close: stay,
  },
  {
    name: 'a group',
    open: at('group', /^Lunch/),
    part: main,
    tree: `
      - main "Lunch":
        - heading "Lunch" [level=1]
        - text: /3 members/
        - button "Members"
        - group "Messages in Lunch":
          - list:
            - listitem:
              - paragraph: This is the start of Lunch.
              - article /ben-\\S+ Are you there/
        - textbox "Message Lunch"
    `,
    close: stay,
  },
  {
    name: 'a channel that one looks at',
    async open(world) {
      await at('design', /^#design/)(world)
      await expect(world.page.getByRole('article')).toHaveCount(1)
    },
    part: main,
    tree: `
      - main "#design":
        - heading "#design" [level=1]
        - 'group "Messages in #design"':
          - list:
            - listitem:
              - article /ben-\\S+ Are you there/
        - paragraph: "You are looking at #design."
        - button "Join channel"
    `,
    close: stay,
  },
  {
    name: 'the members of a channel',
    async open(world) {
      await at('busy', /busy/)(world)
      await world.page.getByRole('button', { name: 'Members' }).click()
      await expect(world.page.getByRole('listitem').filter({ hasText: 'Owner' })).toBeVisible()
    },
    part: (page) => page.getByRole('complementary', { name: 'Members' }),
    tree: `
      - complementary "Members":
        - heading "Members" [level=2]
        - button "Add people"
        - list "Members":
          - listitem:
            - text: /ann-\\S+ Online Owner/
            - button /Actions for ann-/
          - listitem:
            - text: /ben-\\S+ Offline/
            - button /Actions for ben-/
          - listitem
    `,
    close: stay,
  },
  {
    name: 'all channels',
    async open(world) {
      await at('browse', /Browse channels/)(world)
      await expect(main(world.page).getByRole('listitem')).toHaveCount(3)
    },
    part: main,
    tree: `
      - main "Browse channels":
        - heading "Browse channels" [level=1]
        - button "Create channel"
        - searchbox "Filter channels"
        - status: 3 channels
        - list "Channels":
          - listitem:
            - paragraph: "#busy"
            - paragraph: /All that happens here, day by day · 3 members/
            - 'link "Open #busy"'
            - text: Joined
          - listitem:
            - paragraph: "#design"
            - 'link "Preview #design"'
            - 'button "Join #design"'
          - listitem:
            - paragraph: "#general"
    `,
    close: stay,
  },
  {
    name: 'the audit log of a workspace',
    async open(world) {
      await at('audit', /^Audit log of Acme/)(world)
      await expect(main(world.page).getByRole('listitem').first()).toBeVisible()
    },
    part: main,
    tree: `
      - main /Audit log of Acme/:
        - heading /Audit log of Acme/ [level=1]
        - combobox "What"
        - combobox "Who"
        - status: /\\d+ entries shown/
        - list "Audit log":
          - listitem:
            - paragraph: /joined|left|made|changed/
            - paragraph: /^By/
            - group: Details
    `,
    close: stay,
  },
  settings(
    'account',
    `
      - region "Account":
        - heading "Account" [level=2]
        - group "Picture":
          - button "Choose picture"
          - status: /square/
        - textbox "Name": /^ann-/
        - paragraph: /Email/
        - button "Save"
        - button "Sign out"
    `,
  ),
  settings(
    'security',
    `
      - region "Security":
        - heading "Security" [level=2]
        - form "Password":
          - heading "Password" [level=3]
          - textbox "New password"
          - button "Show password"
          - paragraph: /At least/
          - paragraph: You are signed out everywhere else.
          - button "Change password"
        - region "Two-step sign-in":
          - heading "Two-step sign-in" [level=3]
          - paragraph: /When it is on/
          - button "Set up"
        - region "Passkeys":
          - heading "Passkeys" [level=3]
          - paragraph: This address has no passkeys.
        - region "Where you are signed in":
          - heading "Where you are signed in" [level=3]
          - paragraph: /Sign out whatever/
          - list:
            - listitem
        - region "Take your data with you":
          - heading "Take your data with you" [level=3]
          - paragraph: /A zip file/
          - button "Ask for your data"
    `,
  ),
  {
    name: 'settings: adding an app for two-step sign-in',
    async open({ page }) {
      await page.goto('/settings/security')
      await twoSteps(page).getByRole('button', { name: 'Set up' }).click()
      await expect(twoSteps(page).getByRole('img')).toBeVisible()
    },
    part: twoSteps,
    tree: `
      - region "Two-step sign-in":
        - heading "Two-step sign-in" [level=3]
        - form "Add an authenticator app":
          - heading "Add an authenticator app" [level=4]
          - list:
            - listitem:
              - img "QR code for your authenticator app"
              - code: /^[A-Z2-7 ]+$/
              - button "Copy key"
            - listitem:
              - textbox "Code"
          - button "Turn on"
          - button "Cancel"
    `,
    close: stay,
  },
  {
    name: 'a second factor that is to be set up first',
    async open({ page }) {
      await page.goto('/settings/second-factor')
      await expect(title(page)).toContainText('Set up a second factor')
    },
    part: main,
    tree: `
      - main:
        - heading "Set up a second factor" [level=1]
        - paragraph: /requires a second factor/
        - heading "Set up one of these to go on" [level=2]
        - region "Two-step sign-in":
          - button "Set up"
        - region "Passkeys"
        - button "Continue"
        - button "Sign out"
    `,
    close: stay,
  },
  settings(
    'appearance',
    `
      - region "Appearance":
        - heading "Appearance" [level=2]
        - group "Theme":
          - radio "System" [checked]
          - radio "Light"
          - radio "Dark"
        - group "Density":
          - radio "Cosy" [checked]
          - radio "Compact"
        - slider "Text size": "15"
        - group "Send messages with":
          - radio /^Enter/ [checked]
          - radio /^Ctrl/
        - group "Language":
          - radio "English" [checked]
          - radio "Deutsch"
          - radio "العربية"
    `,
  ),
  settings(
    'notifications',
    `
      - region "Notifications":
        - heading "Notifications" [level=2]
        - paragraph: Notifications are off in this browser.
        - button "Turn on notifications"
        - group "Do not disturb":
          - heading "Do not disturb" [level=3]
          - button "For 30 minutes"
          - button "For 1 hour"
          - button "Until tomorrow"
    `,
  ),
  {
    name: 'nothing',
    open: at('nothing', /Not found/),
    part: main,
    tree: `
      - main "Not found":
        - heading "Not found" [level=1]
        - paragraph: There is nothing here, or it is not for you.
        - link "Go to the start page"
    `,
    close: stay,
  },
]
