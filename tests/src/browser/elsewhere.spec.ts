/// <reference lib="dom" />
import { expect, test } from './fixtures.ts'
import { hear, heard } from './heard.ts'

test(
  'what is meant for one in another chat is said by the window in front, and nothing else is',
  { tag: '@slow' },
  async ({ signUp, invite, clientOf }) => {
    const ann = await signUp('ann')
    const ben = await signUp('ben', { invite: await invite(ann) })
    const [anns, bens] = [await clientOf(ann), await clientOf(ben)]
    const { me, workspaces, chats } = await anns.getBootstrap()
    const room = async (name: string) => {
      const body = { type: 'public_channel', name, workspace_id: workspaces[0]?.id ?? 0 } as const
      const { id } = await bens.createChat({ body })
      await anns.joinChat({ params: { id } })
      return id
    }
    const [design, quiet] = [await room('design'), await room('quiet')]
    await anns.updateChat({ params: { id: quiet }, body: { notification: 'none' } })
    const { id: direct } = await bens.createChat({ body: { type: 'single', user_id: me.id } })
    const say = (id: number, content: string) =>
      bens.sendMessage({ params: { id }, body: { content } })
    const behind = await ann.tab()
    for (const { page } of [ann, behind]) {
      await page.addInitScript(hear)
      await page.reload()
      await expect(page.getByRole('link', { name: /quiet.*muted/ })).toBeVisible()
      // It comes with what listens.
      await expect(page).toHaveTitle(/#general/)
    }
    await behind.page.evaluate(() => (document.hasFocus = () => false))
    const now = (texts: string[]) => expect.poll(() => heard(ann.page)).toEqual(texts)
    const said = [`${ben.name} in #design: First, @${me.username}`]

    // All that is silent comes before what is not.
    await say(design, 'To nobody')
    await say(quiet, `Muted, @${me.username}`)
    await anns.sendMessage({ params: { id: direct }, body: { content: 'From myself' } })
    await say(design, `First, @${me.username}`)
    await now(said)
    await say(direct, 'Hello')
    await now(said.concat(`${ben.name}: Hello`))
    for (const n of [1, 2, 3]) await say(direct, `Quick ${n}`)
    await expect
      .poll(async () => (await heard(ann.page)).at(-1))
      .toMatch(/^\d messages for you$|3$/)
    const merged = await heard(ann.page)

    // In the chat that is open the list says it, and not to be disturbed is not to hear it.
    await say(chats.find((chat) => chat.is_general)?.id ?? 0, `Here, @${me.username}`)
    await now(merged.concat(`${ben.name}: Here, @${me.username}`))
    const dnd = (on: boolean) => anns.setMyPresence({ body: { dnd: on } })
    const kept = () =>
      ann.page.evaluate(([id]) => localStorage.getItem(`parley.dnd.${id}`), [me.id] as const)
    await dnd(true)
    await expect.poll(kept).toBe('Infinity')
    await say(direct, 'Too late')
    await expect(ann.page.getByRole('link', { name: /ben.* 5 unread messages/ })).toBeVisible()
    await dnd(false)
    await expect.poll(kept).toBe(null)
    await say(direct, 'Last')
    await now(merged.concat(`${ben.name}: Here, @${me.username}`, `${ben.name}: Last`))
    // The list there is open too; its log says no more than the front's.
    expect(await heard(behind.page)).toEqual([`${ben.name}: Here, @${me.username}`])
  },
)
