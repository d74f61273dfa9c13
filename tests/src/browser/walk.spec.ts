import type { Chat } from '@parley/contract'
import type { Client } from '@parley/sdk'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { row, title, workspaceOf } from './places.ts'

const steps = 300
const seed = 20_261_126

/** Numbers below 1 that look random, the same each time: mulberry32. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface Walk {
  ann: Client
  bob: Client
  page: Page
  annName: string
  bobId: number
  chats: readonly { id: number; name: string }[]
}

/** One thing that Ann at another device, Bob or Ann's page does. */
async function step(
  { ann, bob, page, annName, bobId, chats }: Walk,
  next: () => number,
): Promise<void> {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(next() * list.length)]
  const { id = 0, name = '' } = pick(chats) ?? {}
  const params = { id }
  const kind = next()
  if (kind < 0.5) {
    const content = next() < 0.2 ? `@${annName} look` : `number ${next()}`
    await bob.sendMessage({ params, body: { content } })
  } else if (kind < 0.65) {
    const { last_seq, unread_count } = await ann.getChat({ params })
    const back = Math.floor(next() * (unread_count + 3))
    await ann.moveReadMarker({ params, body: { seq: Math.max(0, last_seq - back) } })
  } else if (kind < 0.75) {
    const notification = pick(['all', 'mentions', 'none'] as const) ?? 'all'
    await ann.updateChat({ params, body: { notification } })
  } else if (kind < 0.85) {
    const { messages } = await bob.listMessages({ params, query: { limit: 5 } })
    const message = pick(
      messages.filter((one) => one.deleted_at === null && one.sender_id === bobId),
    )
    if (!message) return
    const one = { params: { ...params, message_id: message.id } }
    if (next() < 0.5) await bob.deleteMessage(one)
    else await bob.editMessage({ ...one, body: { content: `@${annName} changed ${next()}` } })
  } else if (kind < 0.9) {
    await row(page, name).click()
    await expect(title(page)).toHaveText(`#${name}`)
  } else {
    await ann.sendMessage({ params, body: { content: 'from elsewhere' } })
  }
}

/** What the row of a chat says to who listens. */
function saidOf({ notification, unread_count, mention_count, name }: Chat): string {
  const muted = notification === 'none' ? ', muted' : ''
  const mentions = mention_count === 1 ? ', 1 mention' : `, ${mention_count} mentions`
  const unread = unread_count > 0 && muted === '' ? ', unread' : ''
  return `${name}${muted}${mention_count > 0 ? mentions : unread}`
}

test(
  'after hundreds of random steps the page says of each chat what the server does',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf, tolerate }) => {
    // Rows and lists change all the time, by what others do.
    tolerate(/layout moved/)
    const annPerson = await signUp('ann')
    const bobPerson = await signUp('bob', { invite: await invite(annPerson) })
    const [ann, bob] = [await clientOf(annPerson), await clientOf(bobPerson)]
    const { page } = annPerson
    const workspace_id = workspaceOf(page)
    const chats: Walk['chats'] = await Promise.all(
      ['amber', 'birch', 'cedar', 'dune'].map(async (name) => {
        const chat = await ann.createChat({ body: { type: 'public_channel', workspace_id, name } })
        await bob.joinChat({ params: { id: chat.id } })
        return { id: chat.id, name }
      }),
    )
    const next = numbers(seed)
    const { id: bobId } = await bob.getMe()
    const walk = { ann, bob, page, annName: annPerson.name, bobId, chats }
    for (let n = 0; n < steps; n++) await step(walk, next)
    // Nothing is read any more from here on.
    await page.goto(`/w/${workspace_id}/browse`)
    await expect(title(page)).toHaveText('Browse channels')

    const shown = async () => {
      const names = await Promise.all(
        chats.map(async ({ name }) => {
          const text = (await row(page, name).textContent()) ?? ''
          return text.replaceAll(/\s+/g, ' ').replace(/\s*,/g, ',').trim()
        }),
      )
      // The badge says the count again to who looks.
      return names.map((text) => text.replace(/ ?\d+\+?$/, ''))
    }
    const told = async () => {
      const fresh = await ann.getBootstrap()
      return chats.flatMap(({ id }) => fresh.chats.filter((chat) => chat.id === id).map(saidOf))
    }
    expect((await told()).join()).toMatch(/mention.*unread|unread.*mention/)
    await expect.poll(shown).toEqual(await told())
    await page.reload()
    await expect(title(page)).toHaveText('Browse channels')
    await expect.poll(shown).toEqual(await told())
  },
)
