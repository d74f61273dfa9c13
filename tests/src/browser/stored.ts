/// <reference lib="dom" />
import type { Page } from '@playwright/test'

/** All that scripts of this origin have in the browser, as one text. */
export const stored = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(new Error('not readable')))
      })
    // JSON knows no maps and no sets.
    const plain = (_key: string, value: unknown): unknown =>
      value instanceof Map || value instanceof Set ? [...value] : value
    const records: unknown[] = []
    for (const { name = '' } of await indexedDB.databases()) {
      const db = await answer(indexedDB.open(name))
      for (const store of db.objectStoreNames) {
        const all = db.transaction(store).objectStore(store)
        records.push(name, store, await answer(all.getAllKeys()), await answer(all.getAll()))
      }
      db.close()
    }
    const answers = await Promise.all(
      (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length),
    )
    const strings = [Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]
    return JSON.stringify([strings, records, answers], plain)
  })

/** The page writes what it would only write later: as if it was closed. */
export const writeDown = (page: Page): Promise<void> =>
  page.evaluate(() => void dispatchEvent(new Event('pagehide')))
