import { client } from '../../app/client.ts'

interface Place {
  url: string
  /** Milliseconds since 1970. */
  until: number
}

/** An address that ends sooner than this is not begun with, in milliseconds. */
const earlyMs = 30_000
/** As many as the server tells of at once. */
const most = 100

const known = new Map<string, Promise<Place | undefined>>()
const keyOf = (id: number, rendition: string): string => `${id} ${rendition}`

type Asked = PromiseWithResolvers<Place | undefined>
/** What is asked for in this turn, by rendition. */
const waiting = new Map<string, Map<number, Asked>>()

async function ask(ids: readonly number[], rendition: string): Promise<Map<number, Place>> {
  const query = rendition === '' ? { ids: [...ids] } : { ids: [...ids], rendition }
  const { urls } = await client.listFileUrls({ query })
  return new Map(
    urls.map(({ id, url, expires_at }) => [id, { url, until: Date.parse(expires_at) }]),
  )
}

function askForAll(): void {
  for (const [rendition, files] of waiting) {
    const all = [...files]
    for (let from = 0; from < all.length; from += most) {
      const some = all.slice(from, from + most)
      const places = ask(
        some.map(([id]) => id),
        rendition,
      )
      for (const [id, { resolve }] of some) resolve(places.then((found) => found.get(id)))
    }
  }
  waiting.clear()
}

function soon(id: number, rendition: string): Promise<Place | undefined> {
  if (waiting.size === 0) setTimeout(askForAll)
  const files = waiting.get(rendition) ?? new Map<number, Asked>()
  waiting.set(rendition, files)
  // A row may be drawn twice in a turn: both wait for the same answer.
  const asked = files.get(id) ?? Promise.withResolvers<Place | undefined>()
  files.set(id, asked)
  return asked.promise
}

/**
 * Where the browser gets a file, or the rendition of it; undefined where there is none for one. All that
 * are wanted in one turn are asked for together, and kept until they end; `again` asks anew, as for one
 * that did not do. Throws what the call throws.
 */
export async function addressOf(
  id: number,
  rendition = '',
  again = false,
): Promise<string | undefined> {
  const key = keyOf(id, rendition)
  const place = again ? undefined : await known.get(key)?.catch(() => undefined)
  if (place && place.until - earlyMs > Date.now()) return place.url
  const asked = soon(id, rendition)
  known.set(key, asked)
  return (await asked)?.url
}
