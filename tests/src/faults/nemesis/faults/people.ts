import { setTimeout as delay } from 'node:timers/promises'
import { makeNonce } from '@parley/sdk'
import { sql } from '@parley/core/db/sql'
import { until } from '@parley/core/testing/until'
import { notifyNames } from '../../cluster/cluster.ts'
import type { EndedBy } from '../../history/entry.ts'
import { digest } from '../../history/recorder.ts'
import { tradeTwice } from '../../load/people.ts'
import { type Fault, during, met } from '../fault.ts'
import { killListen } from './postgres.ts'

/** Somebody is removed while dozens of their messages are on their way. */
export const removalUnderPosts: Fault = {
  id: 'F13',
  name: 'removal-under-posts',
  what: 'A member is removed from a private channel while many posts of theirs are under way.',
  variants: ['once', 'back-and-forth'],
  smoke: ['once', 'back-and-forth'],
  seconds: 1.5,
  evidence: 1,
  async run(field, variant) {
    const { load, random } = field
    const [owner, ...others] = load.people
    const person = others.at(-1) ?? owner
    const chat = load.places.secret
    const change = (does: 'add' | 'remove') =>
      load.call(owner, owner.main, { does, chat, user: person.id }, random.between(0, 1))
    await during(field, { fault: 'F13', target: person.name, excuses: false }, async () => {
      await change('add')
      const posts = Array.from({ length: 40 }, async (_, n) => {
        await delay(n * 3)
        const nonce = makeNonce()
        const content = `${nonce} while being removed`
        const text = digest(content)
        person.contents.set(text, content)
        return load.call(person, person.main, { does: 'send', chat, nonce, text }, n)
      })
      await delay(random.between(20, 60))
      await change('remove')
      if (variant === 'back-and-forth') {
        await change('add')
        await change('remove')
      }
      const results = await Promise.all(posts)
      const refused = results.filter(({ outcome }) => outcome === 'fail').length
      met(field, 'F13', 'refused posts', refused)
      await change('add')
    })
  },
}

/** Longer than the longest bound for a stream to end after its session did, in milliseconds. */
const patience = 9000
/** The longest bound that is left for the API when the stream has ended, in milliseconds. */
const patienceOfApi = 1600

const ways: readonly [EndedBy, ...EndedBy[]] = ['sign_out', 'list', 'reuse']

export const revokedSession: Fault = {
  id: 'F14',
  name: 'revoked-session',
  what: 'A session with an open stream is ended, by one or another way: usually, with the bell lost, and under partition.',
  variants: ['quiet', 'bell-lost', 'partition'],
  smoke: ['quiet', 'bell-lost', 'partition'],
  seconds: 7,
  evidence: 1,
  async run(field, variant) {
    const { cluster, load, random } = field
    const person = random.pick(load.people)
    const session = await load.signInAgain(person)
    const reader = await load.openReader(person, session, `${person.name} at ${session.id}`)
    await until(() => reader.live(), { what: 'a live stream to end', timeoutMs: 20_000 })
    // What came before must not excuse what comes now.
    await delay(1500)
    const by = random.pick(ways)
    if (by === 'reuse') {
      await tradeTwice(cluster, person, session)
      // Within the grace of the last trade an old token is taken for that of a slow tab.
      await cluster.database.sql.run(sql`
        update sessions set prev_rotated_at = prev_rotated_at - interval '30 seconds'
        where id = ${session.id}`)
    }
    const end = () =>
      load.call(
        person,
        person.main,
        { does: 'end_session', ended: session.id, by },
        random.between(0, 1),
      )
    const gone = () =>
      until(() => reader.stream.state().state === 'offline', {
        timeoutMs: patience,
        what: 'the stream of an ended session to end',
      }).catch(() => undefined)
    if (variant === 'partition') {
      const links = notifyNames.map((name) => cluster.back[name])
      const window = { fault: 'F14', target: 'notify>db', slows: 'partition' } as const
      await during(field, window, async () => {
        for (const link of links) {
          link.set('up', { held: true })
          link.set('down', { held: true })
        }
        await end()
        await delay(6500)
        for (const link of links) link.heal()
        await gone()
        await cluster.ready()
      })
    } else {
      if (variant === 'bell-lost') await killListen.run(field, 'terminate')
      await end()
      await gone()
    }
    met(field, 'F14', 'ended sessions')
    // Nor does the API serve it, on any server, nor does it do what it asks; by now every bound has passed.
    await delay(patienceOfApi)
    const chat = load.places.hall
    for (const server of [0, 1]) {
      await load.call(person, session, { does: 'read', chat }, server)
      const nonce = makeNonce()
      const content = `${nonce} by an ended session`
      const text = digest(content)
      person.contents.set(text, content)
      await load.call(person, session, { does: 'send', chat, nonce, text }, server)
    }
    reader.stream.close()
  },
}
