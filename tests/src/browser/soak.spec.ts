/// <reference lib="dom" />
import type { CDPSession } from '@playwright/test'
import { expect, test, acknowledged } from './fixtures.ts'
import { article, worldOf } from './list-world.ts'
import { title } from './places.ts'

const rounds = 25
const perRound = 200
const mostGrowthMb = 20

/** After a forced collection: the heap in MB, and what hangs on the page. */
async function weigh(session: CDPSession) {
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters')
  return { mb: usedSize / 1_048_576, nodes, listeners: jsEventListeners }
}

test(
  'thousands of events while one goes from chat to chat leave nothing behind',
  { tag: '@slow' },
  async ({ signUp, parley, sql }) => {
    test.setTimeout(120_000)
    const reader = await signUp('ann')
    const { page } = reader
    const { bob, ann, chat, path } = await worldOf(parley, reader, 300)
    const { workspace_id } = await ann.getChat({ params: { id: chat } })
    const names = ['amber', 'birch', 'cedar']
    const others = await Promise.all(
      names.map(async (name) => {
        const body = { type: 'public_channel', name, workspace_id: workspace_id ?? 0 } as const
        const { id } = await bob.createChat({ body })
        await ann.joinChat({ params: { id } })
        return id
      }),
    )
    const chats = [chat, ...others]
    const { id: sender } = await bob.getMe()
    await page.goto(path)
    await expect(article(page, 'message 299')).toBeVisible()
    const session = await page.context().newCDPSession(page)
    await session.send('HeapProfiler.enable')

    /** Of many messages some are changed and some deleted; as many events in all. */
    async function round(n: number): Promise<void> {
      const share = perRound / 2
      const all = <T>(value: T): T[] => Array.from({ length: share }, () => value)
      const ids = all(0).map((_, index) => chats[index % chats.length])
      const texts = all(0).map((_, index) => `round ${n} **number** ${index}`)
      const none = all(null)
      await sql('select send_messages($1, $2, $3, $4, $5, $6, 10000)', [
        ids,
        all(sender),
        texts,
        none,
        none,
        none,
      ])
      await sql(
        `update messages set content = content || ' changed', edited_at = now()
       where content like $1 and deleted_at is null`,
        [`round ${n} %`],
      )
      await bob.sendTyping({ params: { id: chat } })
    }
    const changed = (n: number) =>
      page
        .getByRole('article')
        .filter({ hasText: new RegExp(`round ${n} .* changed`) })
        .first()
    const latest = page.getByRole('button', { name: /latest.*new message/ })
    const places = ['general', ...names]
    async function follow(n: number): Promise<void> {
      const name = places[n % places.length] ?? ''
      await reader.open(name)
      await expect(title(page)).toHaveText(`#${name}`)
      await round(n)
      // It opens at what is new, or at its end.
      await expect(changed(n).or(latest).first()).toBeAttached()
    }
    // Everything was open once, and holds what it keeps.
    for (let n = 0; n < 8; n++) await follow(n)
    await reader.open('general')
    const before = await weigh(session)
    for (let n = 8; n < 8 + rounds; n++) await follow(n)
    await reader.open('general')
    await latest.click()
    await expect(changed(7 + rounds)).toBeAttached()
    const after = await weigh(session)
    const grown = after.mb - before.mb
    process.stdout.write(
      `      ${rounds * perRound} events: heap ${before.mb.toFixed(1)} to ${after.mb.toFixed(1)} MB, ` +
        `nodes ${before.nodes} to ${after.nodes}, listeners ${before.listeners} to ${after.listeners}\n`,
    )
    expect(grown).toBeLessThan(mostGrowthMb)
    expect(after.nodes).toBeLessThan(before.nodes * 1.3 + 500)
    expect(after.listeners).toBeLessThan(before.listeners * 1.3 + 100)
  },
)

test(
  'a page that slept is live three seconds after it woke, without a reload',
  { tag: '@slow' },
  async ({ signUp, invite }) => {
    const ann = await signUp('ann')
    const ben = await signUp('ben', { invite: await invite(ann) })
    await ben.send('Before')
    await expect(ann.page.getByRole('article')).toHaveCount(1)
    await ann.page.evaluate(() => Reflect.set(window, 'sameDocument', true))
    const session = await ann.context.newCDPSession(ann.page)
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    for (let n = 0; n < 20; n++) await ben.send(`Asleep ${n}`)
    await acknowledged(ben.page.getByRole('article').last())
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await ann.page.bringToFront()
    await expect(ann.page.getByRole('article')).toHaveCount(21, { timeout: 3_000 })
    await ben.send('Awake')
    await expect(ann.page.getByRole('article').last()).toContainText('Awake', { timeout: 3_000 })
    expect(await ann.page.evaluate((): unknown => Reflect.get(window, 'sameDocument'))).toBe(true)
  },
)
