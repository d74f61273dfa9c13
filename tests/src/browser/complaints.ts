import type { BrowserContext, Page } from '@playwright/test'

/** Layout that moved by itself, as a share of the window, since the page was opened. */
const mostShift = 0.05

/** Runs in the page: makes errors on its console of what a person would complain about. */
function watchPage(mostShift: number): void {
  const sourcesOf = (entry: PerformanceEntry): (Element | null | undefined)[] => {
    const sources: unknown = Reflect.get(entry, 'sources')
    return (Array.isArray(sources) ? sources : []).map((source: unknown) => {
      const node: unknown =
        typeof source === 'object' && source ? Reflect.get(source, 'node') : null
      return node instanceof Element ? node : node instanceof Node ? node.parentElement : undefined
    })
  }
  const moved: string[] = []
  let sum = 0
  let told = false
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // A short list of messages moves up when one comes: that is what it is for.
      if (sourcesOf(entry).every((element) => element?.closest('main ol, main li'))) continue
      const by: unknown = Reflect.get(entry, 'hadRecentInput')
      const value: unknown = Reflect.get(entry, 'value')
      if (by !== false || typeof value !== 'number') continue
      sum += value
      moved.push(...sourcesOf(entry).map((element) => `${element?.tagName}.${element?.className}`))
    }
    const what = `The layout moved by ${sum.toFixed(3)}: ${moved.join(' ')}`
    // oxlint-disable-next-line no-console -- this is how the test hears of it
    if (sum > mostShift && !told) console.error(what)
    told = sum > mostShift
  }).observe({ type: 'layout-shift', buffered: true })
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    // oxlint-disable-next-line no-console -- this is how the test hears of it
    console.error(`The policy forbids ${violatedDirective} ${blockedURI}.`)
  })
}

/** Hears of errors, of requests to others, of violations of the policy and of layout that moves. */
export async function complain(
  context: BrowserContext,
  urls: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  await context.addInitScript(watchPage, mostShift)
  const hosts = new Set(['localhost', ...urls.map((url) => new URL(url).hostname)])
  const hear = (page: Page): void => {
    page.on('console', (message) => {
      if (message.type() === 'error') say(message.text())
    })
    page.on('pageerror', (error) => say(String(error)))
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url())
      if (protocol.startsWith('http') && !hosts.has(hostname)) say(`asks ${request.url()}`)
    })
  }
  context.on('page', hear)
}
