import { type TestContext, expect, test } from 'vitest'
import { until } from '@parley/core/testing/until'
import { type TestStream, openStream } from '../fixtures/sse.ts'
import { type Person, World } from '../fixtures/world.ts'

/** Ann and Ben in a chat, and a clock that a test can put forward. */
interface Scene {
  world: World
  ann: Person
  ben: Person
  chat: number
  uptime: () => number
  skip: (ms: number) => void
}

/** Each test has its own: what comes in beats of two seconds is waited for side by side. */
async function scene({ onTestFinished }: TestContext): Promise<Scene> {
  const world = await World.create()
  onTestFinished(() => world.end())
  const [ann, ben] = [await world.person(), await world.person()]
  const chat = await world.group([ann, ben])
  let skipped = 0
  return {
    world,
    ann,
    ben,
    chat,
    uptime: () => performance.now() + skipped,
    skip: (ms) => void (skipped += ms),
  }
}

const open = async (url: string, { token }: Person): Promise<TestStream> =>
  (await openStream(url, { token })).ready()

const told = (stream: TestStream, { id }: Person, presences: string[]): Promise<unknown> =>
  until(() => stream.presences(id).join() === presences.join(), {
    what: `${presences.join()}, not ${stream.presences(id).join()}`,
  })

test.concurrent('those who share a small chat are told who comes, and thirty seconds after they went', async (context) => {
  const { world, ann, ben, uptime, skip } = await scene(context)
  const url = await world.server({ uptime })
  const [stranger, cat] = [await world.person(), await world.person()]
  const large = await world.group([ann, cat])
  await world.join(large, await Promise.all(Array.from({ length: 99 }, () => world.person())))
  const [toAnn, toCat, toStranger] = await Promise.all(
    [ann, cat, stranger].map((p) => open(url, p)),
  )
  if (!toAnn || !toCat || !toStranger) return
  await told(toAnn, ann, ['online'])
  const first = await open(url, ben)
  await told(toAnn, ben, ['online'])
  expect(toAnn.text).toMatch(
    /\n\nevent: PresenceChanged\ndata: \{"kind":"PresenceChanged","user_id"/,
  )
  first.close()
  await until(() => first.ended)
  // A reload takes a moment, and nobody sees it.
  skip(29_000)
  const second = await open(url, ben)
  skip(29_000)
  await told(toAnn, ben, ['online'])
  second.close()
  await until(() => second.ended)
  // It is told after the server has noticed: later than the skip, or not yet.
  await until(() => {
    skip(1000)
    return toAnn.presences(ben.id).length === 2
  })
  expect(toAnn.presences(ben.id)).toEqual(['online', 'offline'])
  // 101 people are too many to tell.
  expect(toCat.presences(ann.id)).toEqual([])
  expect(toCat.presences(ben.id)).toEqual([])
  expect(toStranger.ephemerals.filter(({ data }) => data['user_id'] !== stranger.id)).toEqual([])
})

test.concurrent('at one device of several is online, at none is away', async (context) => {
  const { world, ann, ben } = await scene(context)
  const url = await world.server()
  const phone = await world.signIn(ben.id)
  const toAnn = await open(url, ann)
  const [onDesk, onPhone] = [await open(url, ben), await open(url, phone)]
  await told(toAnn, ben, ['online'])
  const device = { kind: 'device', user_id: ben.id, session_id: ben.sessionId } as const
  await world.say({ ...device, away: true })
  await world.say({ ...device, session_id: phone.sessionId, away: true })
  await told(toAnn, ben, ['online', 'away'])
  // The next stream of the same device says nothing new.
  onDesk.close()
  const again = await open(url, ben)
  await world.say({ ...device, session_id: phone.sessionId, away: false })
  await told(toAnn, ben, ['online', 'away', 'online'])
  onPhone.close()
  await told(toAnn, ben, ['online', 'away', 'online', 'away'])
  await until(() => again.presences(ben.id).at(-1) === 'away')
  expect(toAnn.presences(ben.id)).toHaveLength(4)
})

test.concurrent('whoever is not to be disturbed is so on all devices, until the time is over', async (context) => {
  const { world, ann, ben } = await scene(context)
  const url = await world.server()
  const toAnn = await open(url, ann)
  await open(url, ben)
  await told(toAnn, ben, ['online'])
  const set = async (until: string) => {
    await world.query(`update users set dnd_until = ${until} where id = $1`, [ben.id])
    await world.say({ kind: 'dnd', user_id: ben.id })
  }
  await set(`'infinity'`)
  await told(toAnn, ben, ['online', 'dnd'])
  await set('null')
  await told(toAnn, ben, ['online', 'dnd', 'online'])
  await set(`clock_timestamp() + interval '1 second'`)
  await told(toAnn, ben, ['online', 'dnd', 'online', 'dnd', 'online'])
  await set(`'infinity'`)
  await told(toAnn, ben, ['online', 'dnd', 'online', 'dnd', 'online', 'dnd'])
  expect(toAnn.presences(ann.id)).toEqual(['online'])
})

test.concurrent('a schedule is told where its window begins and where it ends', async (context) => {
  const { world, ann, ben } = await scene(context)
  const url = await world.server()
  const toAnn = await open(url, ann)
  await open(url, ben)
  await told(toAnn, ben, ['online'])
  await world.query(
    `insert into dnd_schedules (user_id, from_time, to_time, weekdays, time_zone)
     select $1, (clock_timestamp() + interval '2 seconds') at time zone 'Etc/UTC',
       (clock_timestamp() + interval '4 seconds') at time zone 'Etc/UTC', '{0,1,2,3,4,5,6}', 'Etc/UTC'`,
    [ben.id],
  )
  await world.say({ kind: 'dnd', user_id: ben.id })
  await told(toAnn, ben, ['online', 'online', 'dnd', 'online'])
  expect(toAnn.presences(ann.id)).toEqual(['online'])
})

test.concurrent('whoever has left the chat is not told any more, and whoever joins is', async (context) => {
  const { world, ann, ben, chat } = await scene(context)
  const url = await world.server()
  const cat = await world.person()
  const [toAnn, toCat] = [await open(url, ann), await open(url, cat)]
  await world.leave(chat, ann)
  await world.join(chat, [cat])
  await open(url, ben)
  await told(toCat, ben, ['online'])
  expect(toAnn.presences(ben.id)).toEqual([])
})

test.concurrent('servers tell each other who is at their streams', async (context) => {
  const { world, ann, ben, uptime, skip } = await scene(context)
  const [here, there] = [await world.server({ uptime }), await world.server({ uptime })]
  const [toAnn, toBen] = [await open(here, ann), await open(there, ben)]
  await told(toAnn, ben, ['online'])
  await until(() => toBen.presences(ben.id).length)
  toBen.close()
  await until(() => toBen.ended)
  const elsewhere = await open(here, ben)
  // Gone from one server and not from the other is not gone.
  const device = { kind: 'device', user_id: ben.id, session_id: ben.sessionId } as const
  skip(31_000)
  await world.say({ ...device, away: true })
  await told(toAnn, ben, ['online', 'away'])
  expect(elsewhere.ended).toBe(false)
})

test.concurrent('a server that says nothing more loses its people in the end', async (context) => {
  const { world, ann, ben } = await scene(context)
  const url = await world.server()
  const toAnn = await open(url, ann)
  await told(toAnn, ann, ['online'])
  const note = { server: 'gone', away: [], gone: [] }
  await world.say({ kind: 'people', ...note, n: 1, lease_ms: 60_000, online: [ben.id] })
  await told(toAnn, ben, ['online'])
  await world.say({ kind: 'people', ...note, n: 1, lease_ms: 500, online: [] })
  await told(toAnn, ben, ['online', 'offline'])
  expect(toAnn.presences(ann.id)).toEqual(['online'])
})

test.concurrent('a server that takes the place of another tells nobody of those who only come back', async (context) => {
  const { world, ann, ben, chat, uptime, skip } = await scene(context)
  const old = await world.server({ uptime })
  await world.server({ uptime })
  const [cat, dan] = [await world.person(), await world.person()]
  await world.join(chat, [cat, dan])
  const before = [await open(old, ann), await open(old, ben), await open(old, cat)]
  await until(() => before.every((one) => one.presences(cat.id).length))
  await world.stopServer(old)
  const next = await world.server({ uptime })
  // One before the server knows who was there, one after.
  const toAnn = await open(next, ann)
  await open(next, dan)
  await told(toAnn, dan, ['online'])
  await open(next, cat)
  await world.query(`update users set dnd_until = 'infinity' where id = $1`, [dan.id])
  await world.say({ kind: 'dnd', user_id: dan.id })
  await told(toAnn, dan, ['online', 'dnd'])
  // Ben does not come back.
  skip(31_000)
  await told(toAnn, ben, ['offline'])
  expect([ann, cat].map(({ id }) => toAnn.presences(id))).toEqual([[], []])
})
