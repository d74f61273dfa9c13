/** So long without input a person is away, in milliseconds. */
const awayAfterMs = 600_000
/** Other tabs are told of input at most so often. */
const tellMs = 30_000

const inputKey = 'parley.input'
const awayKey = 'parley.away'
const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

export interface AwayOptions {
  /** Whether this tab speaks for the browser. */
  leads(): boolean
  /** Tells the server that nobody sits here, or somebody does again. */
  tell(away: boolean): Promise<unknown>
}

/**
 * Tells when nobody sits at this browser, and when somebody does again: input in any tab counts, and
 * the tab that holds the stream tells. Returns what says it again, for a server that does not know, and
 * what ends it.
 */
export function watchAway({ leads, tell }: AwayOptions): { again(): void; end(): void } {
  const over = new AbortController()
  const { signal } = over
  let last = Math.max(Date.now(), Number(localStorage.getItem(inputKey) ?? 0))
  let written = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const isAway = (): boolean => Date.now() - last >= awayAfterMs
  /** What the server was told last, by whichever tab. */
  const said = (): boolean => localStorage.getItem(awayKey) === 'true'

  function say(away: boolean): void {
    localStorage.setItem(awayKey, String(away))
    // What was not told is told after the next ready.
    void tell(away).catch(() => undefined)
  }
  function look(): void {
    clearTimeout(timer)
    const away = isAway()
    if (leads() && away !== said()) say(away)
    if (!away) timer = setTimeout(look, last + awayAfterMs - Date.now())
  }
  function onInput(): void {
    const wasAway = isAway()
    last = Date.now()
    if (last - written >= tellMs) {
      written = last
      localStorage.setItem(inputKey, String(last))
    }
    if (wasAway) look()
  }
  function onStorage({ key, newValue }: StorageEvent): void {
    if (key !== inputKey) return
    const wasAway = isAway()
    last = Math.max(last, Number(newValue ?? 0))
    if (wasAway) look()
  }
  for (const input of inputs) addEventListener(input, onInput, { passive: true, signal })
  addEventListener('storage', onStorage, { signal })
  look()

  return {
    again() {
      if (leads() && (isAway() || said())) say(isAway())
    },
    end() {
      over.abort()
      clearTimeout(timer)
    },
  }
}
