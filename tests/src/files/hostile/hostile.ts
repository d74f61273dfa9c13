/** A file that means harm to whoever opens it, or to the server. */
export interface Hostile {
  /** As its sender says. */
  name: string
  /** What its sender says that it is, true or not. */
  mime: string
  bytes: Buffer
  /** The type that a browser may show it as; undefined where it is a download and nothing else. */
  shown?: string
  /** As the name is kept, where that is not as it was said. */
  kept?: string
}

/** What the files try: whatever of it works somewhere is noticed. */
export interface Canary {
  /** An address that nobody asks unless a file has them do it, without a slash at its end. */
  url: string
  /** A script, without quotation marks and angle brackets, so that it fits everywhere. */
  script: string
}

/** The word on the console, in the title and in the global `ran` of a page where a script ran. */
export const sung = 'the canary sang'

export const canaryAt = (url: string): Canary => ({
  url,
  script: [
    `try{top.ran=1;document.title='${sung}'}catch{}`,
    `console.log('${sung}')`,
    `fetch('${url}/script').catch(()=>0)`,
    `alert('${sung}')`,
  ].join(';'),
})

export const file = (
  name: string,
  mime: string,
  bytes: Buffer | string,
  more: Pick<Hostile, 'shown' | 'kept'> = {},
): Hostile => ({ name, mime, bytes: Buffer.from(bytes), ...more })

/** What is text for a browser too, and so runs nothing. */
export const plain = { shown: 'text/plain; charset=utf-8' } as const
