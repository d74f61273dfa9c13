import type { Config } from './load.ts'

/** What is wrong between settings that are each fine by themselves. */
export function* crossCheck(config: Config): Generator<string> {
  if (config.chatPort === config.notifyPort)
    yield 'PARLEY_CHAT_PORT and PARLEY_NOTIFY_PORT must differ.'
  if (config.masterKey && config.masterKeyFile)
    yield 'Only one of PARLEY_MASTER_KEY and PARLEY_MASTER_KEY_FILE may be set.'
  if (config.allowInsecureHttp) return
  // Without its own setting the events URL follows the public one: one cause, one sentence.
  const [name, url] = overheard(config.publicUrl)
    ? ['PARLEY_PUBLIC_URL', config.publicUrl]
    : ['PARLEY_EVENTS_URL', config.eventsUrl]
  if (overheard(url))
    yield `${name} must be https, not "${url}": passwords sent over http can be overheard (PARLEY_ALLOW_INSECURE_HTTP=on allows it).`
}

/** Plain http is fine where it never leaves the machine. */
function overheard(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  const loopback =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    hostname.startsWith('127.')
  return protocol === 'http:' && !loopback
}
