import { type Locator, type Page, expect, test } from '@playwright/test'
import type { World } from './a11y-world.ts'

/** One thing that can be on the screen: how one gets there, and what is there for who listens. */
export interface State {
  name: string
  open(world: World): Promise<unknown>
  /** The part of the page that it is. */
  part(page: Page): Locator
  /** Its stable part, as the browser gives it to a screen reader; some is for the eye only. */
  tree?: string
  /** Esc, unless said. */
  close?(world: World): Promise<unknown>
}

/** Goes from one to the next on the same page. */
export async function walk(
  world: World,
  states: readonly State[],
  look: (state: State) => Promise<unknown>,
): Promise<void> {
  for (const state of states) {
    await test.step(state.name, async () => {
      const part = state.part(world.page)
      await state.open(world)
      await expect(part).toBeVisible()
      await look(state)
      if (state.close) await state.close(world)
      else await closed(world.page, part)
    })
  }
}

async function closed(page: Page, part: Locator): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(part).toHaveCount(0)
}

/** A command of the switcher: by keys, so that it is the same at every width. */
export async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Jump to…' }).fill(`>${name}`)
  await expect(page.getByRole('option').first()).toContainText(name)
  await page.keyboard.press('Enter')
}

export const newest = (page: Page): Locator =>
  page.getByRole('article').filter({ hasText: 'The newest message' })
export const own = (page: Page): Locator =>
  page.getByRole('article').filter({ hasText: 'What I said myself' })
/** By the toolbar of one's own message. */
export async function act(page: Page, name: string): Promise<void> {
  await own(page).hover()
  await page.getByRole('toolbar').getByRole('button', { name }).click()
}
export const main = (page: Page): Locator => page.getByRole('main')
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message / })
export const dialog =
  (name: string | RegExp) =>
  (page: Page): Locator =>
    page.getByRole('dialog', { name })

/** The page on which all dialogs and menus can be opened. */
export async function openBusy({ page, paths }: World): Promise<void> {
  await page.goto(paths.busy)
  await expect(newest(page)).toBeVisible()
  await expect(composer(page)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Attach files' })).toBeVisible()
}
