import { type BrowserContextOptions, type CDPSession, type Page, chromium } from '@playwright/test'
import { chromium as executablePath, flags, reader } from '../browser/chromium.ts'
import { complain } from '../browser/complaints.ts'
import type { RunningParley } from '../stack/parley.ts'
import type { Figure } from './figure.ts'

export interface Device {
  page: Page
  cdp: CDPSession
}

/** What a measurement runs on: real servers, and a browser of its own. */
export interface Stage {
  parley: RunningParley
  /** A page of a device that has been nowhere, unless `options` say what it keeps. */
  device(options?: BrowserContextOptions): Promise<Device>
  /** The renderer's, the browser's and all other processes' time on the processor, in seconds. */
  cpuSeconds(): Promise<number>
}

export interface Measurement {
  /** What `--only` picks it by. */
  name: string
  run(stage: Stage): Promise<Figure[]>
}

/** Frames are shown at most so fast; two cores have the servers and the tools of the measurement beside it. */
export const fewCores = navigator.hardwareConcurrency <= 2

export async function measure(
  parley: RunningParley,
  { name, run }: Measurement,
): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath, args: flags })
  const said: string[] = []
  try {
    const figures = await run({
      parley,
      async device(options = {}) {
        const context = await browser.newContext({ baseURL: parley.url, ...reader, ...options })
        await complain(context, [parley.url, parley.eventsUrl], (text) => {
          // A list that flies moves rows that are gone by then; the start has a figure of its own.
          if (!text.startsWith('The layout moved')) said.push(text)
        })
        const page = await context.newPage()
        return { page, cdp: await context.newCDPSession(page) }
      },
      async cpuSeconds() {
        const session = await browser.newBrowserCDPSession()
        const { processInfo } = await session.send('SystemInfo.getProcessInfo')
        await session.detach()
        return processInfo
          .filter(({ type }) => type === 'renderer')
          .reduce((sum, { cpuTime }) => sum + cpuTime, 0)
      },
    })
    return [...figures, { name: `${name}: complaints`, measured: said.length, budget: 0, unit: '' }]
  } finally {
    for (const text of said) console.error(text)
    await browser.close()
  }
}
