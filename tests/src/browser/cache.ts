import type { Page } from '@playwright/test'

/** Leaves the client, and nothing of what it kept for its next start. */
export async function leaveNothing(page: Page): Promise<void> {
  await page.goto('/api/instance')
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const deletion = indexedDB.deleteDatabase('parley-cache')
        deletion.addEventListener('success', () => resolve())
        deletion.addEventListener('error', () => reject(deletion.error ?? new Error('not deleted')))
      }),
  )
}
