import fc from 'fast-check'
import { expectSight, expectStreams } from '../agreement/agreement.ts'
import type { Step } from '../command.ts'
import { actorOf, callerOf } from '../stage.ts'
import type { Person } from '../world/world.ts'

/** The stream breaks and goes on at one of the notify-servers. */
const cut: Step = {
  plan: (_, by) => ({
    text: 'is cut off for a moment',
    async run(stage, server) {
      const { proxy } = actorOf(stage, by)
      const { eventsUrls } = stage.stack
      if (!by.away) proxy.leadTo(eventsUrls[server % eventsUrls.length] ?? '')
      proxy.cut()
      return 'cut'
    },
  }),
}

/** A port that nobody listens on. */
const nowhere = 'http://127.0.0.1:1'

const goOrCome: Step = {
  plan: (_, by) => ({
    text: by.away ? 'comes back to the net' : 'leaves the net',
    async run(stage, server) {
      const { proxy, follower } = actorOf(stage, by)
      const { eventsUrls } = stage.stack
      by.away = !by.away
      proxy.leadTo(by.away ? nowhere : (eventsUrls[server % eventsUrls.length] ?? ''))
      proxy.cut()
      follower.stream.wake()
      return by.away ? 'away' : 'back'
    },
  }),
}

/** Somebody compares what they see, in the middle of it all. */
const look: Step = {
  plan: (world, by: Person) => ({
    text: 'looks around',
    async run(stage, server) {
      await expectSight(callerOf(stage, by, server).client, world, by)
      await expectStreams(stage, world)
      return 'agrees'
    },
  }),
}

export const interruptions: fc.Arbitrary<Step> = fc.constantFrom(cut, goOrCome)
export const looks: fc.Arbitrary<Step> = fc.constant(look)
