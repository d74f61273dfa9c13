import { isAccessible } from './a11y-checks.ts'
import { command, composer } from './a11y-states.ts'
import { expect, test } from './fixtures.ts'
import { failedRequests, onSend, problem } from './own-messages.ts'

test(
  'a lost connection says so, and that it is back',
  { tag: '@slow' },
  async ({ signUp, events }) => {
    const { page } = await signUp('ann', { expects: failedRequests })
    await expect(composer(page)).toBeVisible()
    events.become('refuse')
    const said = (text: string) => page.getByRole('status').getByText(text)
    await expect(said('Reconnecting…')).toBeVisible({ timeout: 15_000 })
    await isAccessible(page, 'a lost connection')
    events.become('pass')
    await expect(said('Back online')).toBeVisible({ timeout: 40_000 })
    await expect(said('Back online')).toHaveCount(0)
  },
)

test('messages on their way, and those that failed, say so', async ({ signUp }) => {
  const ann = await signUp('ann', { expects: failedRequests })
  const { page } = ann
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  await onSend(page, async (route, attempt) => {
    if (attempt === 1) return route.fulfill(problem(413, 'too_large'))
    await ended
    return route.abort()
  })
  await ann.send('Far too much')
  await ann.send('Not there yet')
  const messages = page.getByRole('group', { name: 'Messages in #general' })
  await expect(messages).toMatchAriaSnapshot(`
    - list:
      - listitem:
        - article /ann-\\S+ Far too much/:
          - alert: Not sent. It is too long.
          - button "Try again"
          - button "Delete"
      - listitem:
        - article /ann-\\S+ Not there yet/:
          - text: sending
  `)
  await isAccessible(page, 'what is not sent')
  await command(page, 'Sign out')
  const question = page.getByRole('dialog', { name: 'Sign out and lose what is not sent?' })
  await expect(question).toMatchAriaSnapshot(`
    - dialog:
      - heading [level=2]
      - paragraph: /2 messages have not reached the server yet/
      - button "Cancel"
      - button "Sign out"
  `)
  await isAccessible(page, 'a question before signing out')
  end()
})
