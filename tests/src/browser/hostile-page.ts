/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Runs in a page without a policy: takes each address for whatever a page can take one for. Resolves once
 * all that says when it is done has said so; frames whose content becomes a download do not.
 */
export async function takeForAll(urls: readonly string[]): Promise<void> {
  const kinds: readonly [string, string, Record<string, string>?][] = [
    ['img', 'src'],
    ['script', 'src'],
    ['script', 'src', { type: 'module' }],
    ['link', 'href', { rel: 'stylesheet' }],
    ['video', 'src', { preload: 'auto' }],
    ['iframe', 'src'],
    ['embed', 'src'],
    ['object', 'data'],
  ]
  /** Those that end with an event, whatever they get. */
  const ends = new Set(['img', 'script', 'video'])
  const done = urls.flatMap((url) =>
    kinds.map(async ([tag, attribute, more = {}], at) => {
      const element = document.createElement(tag)
      for (const [name, value] of Object.entries(more)) element.setAttribute(name, value)
      const end = new Promise((resolve) => {
        for (const type of ['load', 'loadeddata', 'error']) element.addEventListener(type, resolve)
      })
      element.setAttribute(attribute, `${url}#${at}`)
      document.body.append(element)
      if (ends.has(tag)) await end
    }),
  )
  const called = urls.flatMap((url) => [
    import(`${url}#import`),
    navigator.serviceWorker.register(url),
    navigator.serviceWorker.register(url, { type: 'module', scope: '/files/' }),
    fetch(url).then((response) => response.blob()),
    new Promise((resolve, reject) => {
      const worker = new Worker(url)
      worker.addEventListener('error', reject)
      worker.addEventListener('message', resolve)
    }),
  ])
  await Promise.allSettled([...done, ...called])
}

/** Service workers of this page’s origin that came from a file. */
export const workersOfFiles = async (): Promise<string[]> =>
  (await navigator.serviceWorker.getRegistrations())
    .flatMap(({ active, waiting, installing }) => [active, waiting, installing])
    .flatMap((worker) => (worker && worker.scriptURL.includes('/files/') ? [worker.scriptURL] : []))
