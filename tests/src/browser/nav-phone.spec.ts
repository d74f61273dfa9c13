import { expect, test } from './fixtures.ts'
import { createChannel, row, title, workspaceOf } from './places.ts'

for (const { width, height } of [
  { width: 390, height: 844 },
  { width: 320, height: 640 },
]) {
  test(`on a phone of ${width}x${height} each level is a place, and Back leads up`, async ({
    signUp,
  }) => {
    const ann = await signUp('ann')
    const { page } = ann
    await page.setViewportSize({ width, height })
    const list = page.getByRole('complementary', { name: 'Channels' })
    await expect(list).toBeHidden()
    await page.getByRole('button', { name: 'Back' }).click()
    await expect(list).toBeVisible()
    await expect(page.getByRole('main')).toBeHidden()
    await createChannel(page, 'design')
    await expect(list).toBeHidden()
    await page.getByRole('button', { name: 'Members' }).click()
    const panel = page.getByRole('complementary', { name: 'Members' })
    await expect(panel).toBeVisible()
    await expect(page.getByRole('main')).toBeHidden()
    await page.goBack()
    await expect(title(page)).toHaveText('#design')
    await page.goBack()
    await expect(list).toBeVisible()
    await row(page, 'general').click()
    await page.getByRole('button', { name: 'Chat settings' }).click()
    await page.keyboard.press('Escape')
    for (const place of ['/settings/appearance', `/w/${workspaceOf(page)}/browse`, page.url()]) {
      await page.goto(place)
      await expect(title(page)).toBeVisible()
      const wide = await page
        .locator('html')
        .evaluate(
          (root: { scrollWidth: number; clientWidth: number }) =>
            root.scrollWidth - root.clientWidth,
        )
      expect(wide).toBe(0)
    }
  })
}

test('a finger from the edge opens the list, and all that it may press is large enough', async ({
  signUp,
}) => {
  const { page } = await signUp('ann')
  await page.setViewportSize({ width: 390, height: 844 })
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
  await session.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'pointer', value: 'coarse' }],
  })
  const main = page.getByRole('main')
  const at = (clientX: number) => [{ identifier: 1, clientX, clientY: 300 }]
  await main.dispatchEvent('touchstart', { touches: at(5), changedTouches: at(5) })
  await main.dispatchEvent('touchend', { touches: [], changedTouches: at(150) })
  const list = page.getByRole('complementary', { name: 'Channels' })
  await expect(list).toBeVisible()
  for (const place of [list, main.locator('header')]) {
    for (const target of await place.getByRole('button').or(place.getByRole('link')).all()) {
      const box = await target.boundingBox()
      expect(box?.height, (await target.textContent()) ?? '').toBeGreaterThanOrEqual(44)
    }
    if (place === list) await row(page, 'general').click()
    await expect(title(page)).toHaveText('#general')
  }
})
