import { client } from '../app/client.ts'
import { openStream } from '@parley/sdk'
import type { Ports } from './follow.ts'
import { tellBroken } from './readable.ts'
import { lead, openTabs } from './tabs.ts'

/** Milliseconds before the nth repetition: a random part of a ceiling that doubles. */
export const waitMs = (attempt: number): number =>
  Math.random() * Math.min(30_000, 500 * 2 ** Math.min(attempt, 10))

/** The browser and the servers, as following uses them. */
export const browserPorts = (userId: number): Ports => ({
  bootstrap: () => client.getBootstrap(),
  openStream: (options) => openStream(client.source, { ...options, onMalformed: tellBroken }),
  openTabs: (hear) => openTabs(userId, hear),
  lead: (signal, work) => lead(userId, signal, work),
  pause: (attempt) => new Promise((resolve) => setTimeout(resolve, waitMs(attempt))),
})
