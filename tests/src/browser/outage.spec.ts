/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Event } from '@parley/contract'
import { type Client, type Stream, createClient } from '@parley/sdk'
import type { Page } from '@playwright/test'
import { expect, test, acknowledged } from './fixtures.ts'
import { password } from './person.ts'

/** A connection that is lost is what these are about. */
const lost = /ERR_|502|CORS/

/** Counts how often a message was on the page twice. */
const watchRows = (page: Page) =>
  page.evaluateHandle(() => {
    const seen = { twice: 0 }
    new MutationObserver(() => {
      const ids = [...document.querySelectorAll('article')].flatMap(
        (row) => row.dataset['id'] ?? [],
      )
      if (new Set(ids).size < ids.length) seen.twice++
    }).observe(document.body, { childList: true, subtree: true })
    return seen
  })

test(
  'what was written, changed and deleted while the stream was away is there once it is back',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf, parley, events, sql, tolerate }) => {
    tolerate(lost)
    const ann = await signUp('ann')
    const ben = await signUp('ben', { invite: await invite(ann) })
    const [anns, bens] = [await clientOf(ann), await clientOf(ben)]
    const { page } = ben
    const { id: annId } = await anns.getMe()
    await bens.createChat({ body: { type: 'single', user_id: annId } })
    const id = Number(/\/c\/(\d+)/.exec(page.url())?.[1])
    const send = (content: string) => anns.sendMessage({ params: { id }, body: { content } })
    const old: number[] = []
    for (let n = 0; n < 5; n++) old.push((await send(`before ${n}`)).id)
    await expect(page.getByRole('article')).toHaveCount(5)
    const rows = await watchRows(page)
    const presence = page.getByRole('link', { name: new RegExp(`^${ann.name} ?, Online`) })
    await expect(presence).toBeVisible()
    await ann.page.getByRole('textbox', { name: /^Message / }).pressSequentially('just a')
    const typing = page.getByText(`${ann.name} is typing…`)
    await expect(typing).toBeVisible()

    events.become('refuse')
    process.kill(parley.pid('notify-server') ?? 0, 'SIGKILL')
    await expect(page.getByText('Reconnecting…')).toBeVisible({ timeout: 6_000 })
    await expect(presence).toHaveCount(0, { timeout: 3_000 })
    await expect(page.getByRole('link', { name: ann.name })).toBeVisible()
    for (let n = 0; n < 30; n++) await send(`while away ${n}`)
    for (const message_id of old.slice(0, 3))
      await anns.editMessage({ params: { id, message_id }, body: { content: 'changed' } })
    for (const message_id of old.slice(3)) await anns.deleteMessage({ params: { id, message_id } })
    await expect(typing).toHaveCount(0, { timeout: 8_000 })
    await ben.send('from the dark')
    await expect(page.getByRole('article').last()).toContainText('from the dark')
    await acknowledged(page.getByRole('article').last())

    await expect.poll(() => parley.ready(), { timeout: 20_000 }).toBe(true)
    events.become('pass')
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await expect(page.getByText('Back online')).toBeVisible({ timeout: 3_000 })
    const stored = await sql('select id, content from messages where chat_id = $1 order by seq', [
      id,
    ])
    expect(stored).toHaveLength(36)
    const texts = stored.map(({ content }) => String(content) || 'This message was deleted.')
    await expect(page.getByRole('article').locator('p')).toHaveText(texts)
    const ids = await page
      .getByRole('article')
      .evaluateAll((all) => all.map((row) => Number(row.dataset['id'])))
    expect(ids).toEqual(stored.map(({ id }) => Number(id)))
    expect(await rows.jsonValue()).toEqual({ twice: 0 })
    await expect(presence).toBeVisible()
  },
)

interface Follower {
  stream: Stream
  events: Event[]
  /** When it was live, in milliseconds. */
  live: number[]
}

async function follower(client: Client): Promise<Follower> {
  const { cursor, topics } = await client.getBootstrap()
  const events: Event[] = []
  const live: number[] = []
  const stream = client.stream({
    from: { cursor, topics },
    onEvent: (event) => events.push(event),
    onState: ({ state }) => {
      if (state === 'live') live.push(performance.now())
    },
    onResync: () => {
      throw new Error('the log has it all')
    },
  })
  return { stream, events, live }
}

/** The most of these that fall into 200 ms. */
const crowd = (times: readonly number[]): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 200).length))

test(
  'fifty clients come back one after the other, and each has every event once',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf, parley, events }) => {
    const ann = await signUp('ann')
    const code = (await invite(ann)).slice('/i/'.length)
    const anns = await clientOf(ann)
    const id = Number(/\/c\/(\d+)/.exec(ann.page.url())?.[1])
    await ann.page.close()
    const followers: Follower[] = []
    for (let n = 0; n < 5; n++) {
      const client = createClient({ url: parley.url })
      const username = `many-${process.pid}-${n}`
      const body = {
        username,
        email: `${username}@example.org`,
        password,
        workspace: `${username} inc`,
      }
      await client.signUp({ body })
      await client.acceptInvite({ params: { code } })
      followers.push(...(await Promise.all(Array.from({ length: 10 }, () => follower(client)))))
    }
    const lives = () => followers.map(({ live }) => live.length)
    await expect.poll(() => Math.min(...lives())).toBe(1)
    const since = followers.map(({ live }) => live.length)

    events.become('refuse')
    process.kill(parley.pid('notify-server') ?? 0, 'SIGKILL')
    const sent: string[] = []
    for (let n = 0; n < 20; n++) {
      sent.push(`while away ${n}`)
      await anns.sendMessage({ params: { id }, body: { content: `while away ${n}` } })
    }
    await expect.poll(() => parley.ready(), { timeout: 20_000 }).toBe(true)
    // Long enough for each to wait for longer than at first: a short outage brings all back at once.
    await expect.poll(() => events.refused(), { timeout: 30_000 }).toBeGreaterThan(50 * 3)
    events.become('pass')
    const returned = performance.now()
    await expect
      .poll(() => followers.every(({ live }, n) => live.length > (since[n] ?? 0)), {
        timeout: 40_000,
      })
      .toBe(true)
    const back = followers.map(({ live }, n) => live[since[n] ?? 0] ?? 0)
    const took = back.map((at) => at - returned).toSorted((a, b) => a - b)
    process.stdout.write(
      `      back after ${Math.round(took[25] ?? 0)} ms at the median, ${Math.round(took.at(-1) ?? 0)} ms ` +
        `at the most; ${crowd(back)} of 50 in 200 ms\n`,
    )
    expect(crowd(back)).toBeLessThanOrEqual(20)
    for (const { events } of followers) {
      const texts = events.flatMap((event) =>
        event.kind === 'NewMessage' && event.topic === `chat:${id}` ? event.message.content : [],
      )
      expect(texts).toEqual(sent)
    }
    for (const { stream } of followers) stream.close()
    await Promise.all(followers.map(({ stream }) => stream.done))
  },
)
