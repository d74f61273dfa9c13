import type { BrowserContext, Page } from '@playwright/test'

/** Layout that moved by itself, as a share of the window, since the page was opened. */
const mostShift = 0.05

/** Runs in the page: makes errors on its console of what a person would complain about. */
function watchPage(mostShift: number): void {
  interface Moved {
    element: Element | null
    /** How far it went times what it covers, both as shares of the window: layout-shift's own score. */
    score: number
  }
  const rectOf = (source: object, name: string): DOMRectReadOnly => {
    const rect: unknown = Reflect.get(source, name)
    return rect instanceof DOMRectReadOnly ? rect : new DOMRectReadOnly()
  }
  const movedIn = (entry: PerformanceEntry): Moved[] => {
    const sources: unknown = Reflect.get(entry, 'sources')
    return (Array.isArray(sources) ? sources : []).map((source: object) => {
      const node: unknown = Reflect.get(source, 'node')
      const [from, to] = [rectOf(source, 'previousRect'), rectOf(source, 'currentRect')]
      const far = Math.max(Math.abs(from.x - to.x), Math.abs(from.y - to.y))
      const covered = from.width * from.height + to.width * to.height
      const share = far / Math.max(innerWidth, innerHeight)
      return {
        element: node instanceof Element ? node : node instanceof Node ? node.parentElement : null,
        score: share * (covered / (innerWidth * innerHeight)),
      }
    })
  }
  const moved: string[] = []
  let sum = 0
  let told = false
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const by: unknown = Reflect.get(entry, 'hadRecentInput')
      const value: unknown = Reflect.get(entry, 'value')
      if (by !== false || typeof value !== 'number') continue
      // A short list of messages moves up when one comes: that is what it is for. What moved with
      // it counts for itself.
      const all = movedIn(entry)
      const counted = all.filter(({ element }) => !element?.closest('main ol, main li'))
      const own = counted.reduce((before, { score }) => before + score, 0)
      sum += counted.length < all.length ? Math.min(own, value) : value
      moved.push(
        ...counted.map(({ element }) => `${element?.tagName}.${element?.getAttribute('class')}`),
      )
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
