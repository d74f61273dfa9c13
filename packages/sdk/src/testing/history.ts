import fc from 'fast-check'
import { type World, me } from './world.ts'

export type Step = (world: World) => void

const person = fc.integer({ min: 1, max: 5 })
const mentions = fc.uniqueArray(person, { maxLength: 2 })
const nth = fc.nat({ max: 7 })

const roomOf = (world: World, n: number) =>
  [...world.rooms.values()][n % Math.max(1, world.rooms.size)]

type Room = NonNullable<ReturnType<typeof roomOf>>

/** A step in one of the rooms. */
const inRoom = <A>(arbitrary: fc.Arbitrary<A>, act: (world: World, room: Room, a: A) => void) =>
  fc.tuple(nth, arbitrary).map(([n, a]): Step => (world) => {
    const room = roomOf(world, n)
    if (room) act(world, room, a)
  })

const name = fc.integer({ min: 0, max: 99 }).map((n) => `name${n}`)
const notification = fc.constantFrom('all' as const, 'mentions' as const, 'none' as const)
const role = fc.constantFrom('owner' as const, 'admin' as const, 'member' as const)

const message = fc.record({ sender: person, mentions })
const send = inRoom(message, ({ actions }, room, a) => actions.send(room, a.sender, a.mentions))
const edit = inRoom(fc.record({ nth, mentions }), ({ actions }, room, a) =>
  actions.change(room, a.nth, a.mentions),
)
const erase = inRoom(nth, ({ actions }, room, n) => actions.change(room, n, undefined))
const read = inRoom(fc.nat({ max: 6 }), ({ actions }, room, back) =>
  actions.read(room, Math.max(0, room.seq - back)),
)
const join = inRoom(fc.oneof(fc.constant(me), person), ({ actions }, room, id) =>
  actions.join(room, id),
)
const leave = inRoom(fc.oneof(fc.constant(me), person), ({ actions }, room, id) =>
  actions.leave(room, id),
)

/** Anything that may happen around the reader. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: send },
  { weight: 2, arbitrary: edit },
  { weight: 2, arbitrary: erase },
  { weight: 2, arbitrary: read },
  { weight: 3, arbitrary: join },
  { weight: 2, arbitrary: leave },
  inRoom(fc.constant(null), ({ actions }, room) => actions.remove(room)),
  inRoom(notification, ({ actions }, room, value) => actions.notify(room, value)),
  inRoom(role, ({ actions }, room, value) => actions.promote(room, value)),
  inRoom(name, ({ actions }, room, value) => actions.renameRoom(room, value)),
  fc.tuple(person, name).map(
    ([id, value]): Step =>
      (world) =>
        world.actions.rename(id, value),
  ),
  person.map(
    (id): Step =>
      ({ actions }) =>
        actions.paint(id),
  ),
  fc.boolean().map((workspace): Step => ({ actions }) => {
    const room = actions.found(workspace)
    for (const id of [2, me, 3]) actions.join(room, id)
  }),
  fc.constantFrom<Step>(
    ({ actions }) => actions.leaveCompany(),
    ({ actions }) => actions.joinCompany(),
    ({ actions }) => actions.administer(),
    ({ actions, log }) => actions.renameCompany(`company${log.length}`),
  ),
)
