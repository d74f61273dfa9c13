import { startProxy } from '../stack/proxy.ts'

/** What lies between browsers and the chat-server: it can be slow or cut, and counts what goes up. */
export interface Line {
  url: string
  leadTo(url: string): void
  /** So many bytes a second go up, of all together; what comes down is free. */
  limit(bytes: number): void
  /** Breaks all connections and takes none until it is mended. */
  cut(): void
  mend(): void
  /** How many bytes went up so far. */
  sent(): number
  stop(): Promise<void>
}

export async function startLine(): Promise<Line> {
  let rate = Infinity
  let isCut = false
  let sent = 0
  /** When all that was taken so far is through, in milliseconds. */
  let free = 0
  const proxy = await startProxy('http://127.0.0.1:1', {
    admits: () => !isCut,
    carry(from, to) {
      from.on('data', (data) => {
        sent += data.length
        to.write(data)
        if (rate === Infinity) return
        free = Math.max(free, performance.now()) + (data.length / rate) * 1_000
        from.pause()
        setTimeout(() => from.resume(), Math.max(0, free - performance.now()))
      })
    },
  })
  return {
    url: `http://127.0.0.1:${proxy.port}`,
    leadTo: proxy.leadTo,
    limit: (bytes) => void (rate = bytes),
    sent: () => sent,
    cut() {
      isCut = true
      proxy.cut()
    },
    mend: () => void (isCut = false),
    stop: proxy.stop,
  }
}
