import { expect, test } from './fixtures.ts'
import { apiOf } from './own-messages.ts'

test(
  'others see who writes until the message comes, and it is told every three seconds at most',
  { tag: '@slow' },
  async ({ signUp, tolerate }) => {
    // The page goes on from what it kept, and learns of the second workspace then.
    tolerate(/layout moved/)
    const ann = await signUp('ann')
    const bob = await signUp('bob')
    const [ann_, bob_] = [await apiOf(ann), await apiOf(bob)]
    const { id: user_id } = await bob_.getMe()
    await ann_.createChat({ body: { type: 'single', user_id } }).catch(() => undefined)
    const workspace = (await ann_.getBootstrap()).workspaces[0]?.id ?? 0
    const { code } = await ann_.createInvite({ params: { id: workspace }, body: {} })
    await bob_.acceptInvite({ params: { code } })
    await bob.page.goto(ann.page.url())

    const box = bob.page.getByRole('textbox', { name: /^Message / })
    let told = 0
    bob.page.on('request', (request) => {
      if (request.url().endsWith('/typing')) told++
    })
    await box.pressSequentially('just a moment')
    const line = ann.page.getByText(`${bob.name} is typing…`)
    await expect(line).toBeVisible()
    expect(told).toBe(1)
    await box.press('Enter')
    await expect(ann.page.getByRole('article')).toContainText('just a moment')
    await expect(line).toHaveCount(0)

    await box.pressSequentially('and')
    await expect(line).toBeVisible({ timeout: 10_000 })
    await expect(line).toHaveCount(0, { timeout: 10_000 })
  },
)
