import { until } from '@parley/core/testing/until'
import { createClient } from '@parley/sdk'
import fc from 'fast-check'
import { follow } from '../../stack/people.ts'
import { same } from '../actions/attempt.ts'
import type { Step } from '../command.ts'
import { append } from '../world/topic.ts'

/**
 * Somebody signs in on another device, listens, and ends that session from elsewhere: it ends for the
 * device and for nobody else.
 */
const visit: Step = {
  plan: (_, by) => ({
    text: 'signs in elsewhere and ends the session',
    async run(stage, server) {
      const { chatUrls, eventsUrls } = stage.stack
      const { token, refreshToken } = await stage.signIn(by)
      const url = chatUrls[server % chatUrls.length] ?? ''
      const eventsUrl = eventsUrls[server % eventsUrls.length] ?? ''
      const device = await follow(createClient({ url, eventsUrl, token, refreshToken }))
      append(by, 'SessionRevoked')
      await createClient({ url, token, refreshToken }).signOut()
      const { stream } = device
      await until(() => stream.state().state === 'offline', { what: 'the end of a session' })
      // The server wants a while to pass before the next attempt, which the refusal ends for good.
      stream.wake()
      await stream.done
      same(stream.state(), { state: 'offline', reason: 'signed_out' })
      return 'ended'
    },
  }),
}

export const visits: fc.Arbitrary<Step> = fc.constant(visit)
