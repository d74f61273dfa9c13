import type { Locator, Page } from '@playwright/test'
import { type Person, expect, test } from './fixtures.ts'

/** A connection that is lost is what these are about. */
const lost = /ERR_|502|CORS/

const bar = (page: Page): Locator => page.getByText('Reconnecting…')
const back = (page: Page): Locator => page.getByText('Back online')

async function two(
  signUp: (name: string, options?: { invite?: string }) => Promise<Person>,
  invite: (person: Person) => Promise<string>,
): Promise<[Person, Person]> {
  const ann = await signUp('ann')
  const ben = await signUp('ben', { invite: await invite(ann) })
  await ann.send('Are you there?')
  await expect(ben.page.getByRole('article')).toContainText('Are you there?')
  return [ann, ben]
}

/** The person's page shows exactly these, in this order. */
const shows = ({ page }: Person, texts: readonly string[], timeout = 15_000): Promise<void> =>
  expect(page.getByRole('article')).toContainText([...texts], { timeout })

test(
  'a notify-server that is killed is missed after two seconds, and nothing is lost',
  { tag: '@slow' },
  async ({ signUp, invite, parley, events, tolerate }) => {
    tolerate(lost)
    const [ann, ben] = await two(signUp, invite)
    const article = ben.page.getByRole('article').first()
    const before = await article.boundingBox()
    events.become('refuse')
    process.kill(parley.pid('notify-server') ?? 0, 'SIGKILL')
    await expect(bar(ben.page)).toBeVisible({ timeout: 6_000 })
    expect(await article.boundingBox()).toEqual(before)
    const texts = Array.from({ length: 10 }, (_, n) => `While away ${n}`)
    for (const text of texts) await ann.send(text)
    await expect.poll(() => parley.ready(), { timeout: 20_000 }).toBe(true)
    events.become('pass')
    await ben.page.evaluate(() => dispatchEvent(new Event('online')))
    await expect(back(ben.page)).toBeVisible({ timeout: 5_000 })
    await expect(back(ben.page)).toHaveCount(0, { timeout: 4_000 })
    await shows(ben, ['Are you there?', ...texts])
  },
)

test('a connection that is short says nothing', async ({ signUp, invite, events, tolerate }) => {
  tolerate(lost)
  const [ann, ben] = await two(signUp, invite)
  await ben.page.evaluate(() => {
    new MutationObserver(() => {
      if (document.body.textContent.includes('Reconnecting')) document.body.dataset['said'] = 'yes'
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
  })
  events.become('502')
  events.become('pass')
  await ben.page.evaluate(() => dispatchEvent(new Event('online')))
  await ann.send('Quick')
  await shows(ben, ['Are you there?', 'Quick'])
  expect(await ben.page.locator('body').getAttribute('data-said')).toBe(null)
})

test('a proxy that answers 502 is asked again until it leads somewhere', async ({
  signUp,
  invite,
  events,
  tolerate,
}) => {
  tolerate(lost)
  const [ann, ben] = await two(signUp, invite)
  events.become('502')
  await expect(bar(ben.page)).toBeVisible({ timeout: 6_000 })
  await ann.send('Meanwhile')
  events.become('pass')
  await ben.page.evaluate(() => dispatchEvent(new Event('online')))
  await shows(ben, ['Are you there?', 'Meanwhile'])
})

test(
  'a connection that only looks open is given up within 35 seconds',
  { tag: '@slow' },
  async ({ signUp, invite, events, tolerate }) => {
    test.setTimeout(90_000)
    tolerate(lost)
    const [ann, ben] = await two(signUp, invite)
    events.become('stall')
    const since = Date.now()
    await ann.send('Into the silence')
    await expect(bar(ben.page)).toBeVisible({ timeout: 40_000 })
    expect(Date.now() - since).toBeLessThan(35_000)
    events.become('pass')
    // What was begun meanwhile is as dead, and is given up by itself.
    await shows(ben, ['Are you there?', 'Into the silence'], 35_000)
  },
)

test('where the log was trimmed all is fetched anew, without a reload', async ({
  signUp,
  invite,
  events,
  sql,
  tolerate,
}) => {
  tolerate(lost)
  const [ann, ben] = await two(signUp, invite)
  await ben.page.evaluate(() => Reflect.set(window, 'sameDocument', true))
  events.become('refuse')
  for (let n = 0; n < 5; n++) await ann.send(`Trimmed ${n}`)
  const stored = () => sql(`select from messages where content like 'Trimmed %'`)
  await expect.poll(async () => (await stored()).length).toBe(5)
  // As when their partitions were dropped.
  await sql(
    `with gone as (delete from event_log returning xid)
     update log_meta set dropped_through = (select max(xid) from gone)`,
  )
  events.become('pass')
  await ben.page.evaluate(() => dispatchEvent(new Event('online')))
  await shows(ben, ['Are you there?', ...Array.from({ length: 5 }, (_, n) => `Trimmed ${n}`)])
  expect(await ben.page.evaluate((): unknown => Reflect.get(window, 'sameDocument'))).toBe(true)
})
