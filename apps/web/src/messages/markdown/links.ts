/** Characters that are not seen, or turn the order round: a link's text has none. */
const unseen =
  // oxlint-disable-next-line no-misleading-character-class -- one that joins others is meant by itself
  /[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu

export const withoutUnseen = (text: string): string => text.replace(unseen, '')

const allowed = /^(?:https?:\/\/[^/\\?#]|mailto:[^?#])/i

/** The address, where it is one that a link may lead to: http, https or mailto. */
export function safeUrl(raw: string): URL | undefined {
  const text = withoutUnseen(raw)
  if (!allowed.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url : undefined
}

const placeOf = (url: URL): string => (url.protocol === 'mailto:' ? url.pathname : url.host)
const bare = (host: string): string => host.toLowerCase().replace(/^www\./, '')

/** The dots of other scripts, which browsers read as dots, and forms of letters that only look other. */
const plain = (word: string): string =>
  withoutUnseen(word)
    .normalize('NFKC')
    .replace(/[\u3002\uff61\u2024]/gu, '.')

const address = /^(?:[("'[{<]*[a-z][a-z0-9+.-]*:\/*)?[^\s/?#:]*[^\s/?#:.]\.[^\s/?#:.]{2}/iu

/** Where a word seems to lead, if it looks like an address of the web or of a mailbox. */
function seemsToLead(word: string): string | undefined {
  const text = plain(word)
  if (!address.test(text)) return undefined
  const stripped = text.replace(/^[("'[{<]+|(?<![)"'\]}>.,;!?])[)"'\]}>.,;!?]+$/g, '')
  const url = /^[a-z][a-z0-9+.-]*:/i.test(stripped) ? stripped : `https://${stripped}`
  return URL.canParse(url) ? placeOf(new URL(url)) : stripped
}

/**
 * The host to show beside a link's text: where the text looks like another address, where parts of
 * the address imitate a host, and where the host has letters that can look like others.
 */
export function hostToShow(text: string, url: URL): string | undefined {
  const place = placeOf(url)
  const imitates = url.username !== '' || url.password !== ''
  const foreign = /(?:^|[.@])xn--/.test(place)
  const lies = text
    .split(/\s+/)
    .slice(0, 50)
    .some((word) => {
      const seems = seemsToLead(word)
      if (seems === undefined) return false
      if (url.protocol === 'mailto:') return !plain(word).includes(place)
      return bare(seems) !== bare(place)
    })
  return imitates || foreign || lies ? place : undefined
}
