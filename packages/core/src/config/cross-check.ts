import type { Config } from './load.ts'
import { variable } from './settings.ts'

/** What is wrong between settings that are each fine by themselves. */
export function* crossCheck(config: Config): Generator<string> {
  yield* samePorts(config)
  if (config.masterKey && config.masterKeyFile)
    yield 'Only one of PARLEY_MASTER_KEY and PARLEY_MASTER_KEY_FILE may be set.'
  if (config.allowInsecureHttp) return
  if (config.filesOrigin !== undefined && overheard(config.filesOrigin))
    yield `PARLEY_FILES_ORIGIN must be https, not "${config.filesOrigin}": files sent over http can be read by others (PARLEY_ALLOW_INSECURE_HTTP=on allows it).`
  // Without its own setting the events URL follows the public one: one cause, one sentence.
  const [name, url] = overheard(config.publicUrl)
    ? ['PARLEY_PUBLIC_URL', config.publicUrl]
    : ['PARLEY_EVENTS_URL', config.eventsUrl]
  if (overheard(url))
    yield `${name} must be https, not "${url}": passwords sent over http can be overheard (PARLEY_ALLOW_INSECURE_HTTP=on allows it).`
}

/** Each pair by itself, so that no order of correcting them is better than another. */
function* samePorts(config: Config): Generator<string> {
  for (const [at, one] of portSettings.entries())
    for (const other of portSettings.slice(at + 1))
      if (config[one] !== 0 && config[one] === config[other])
        yield `${variable(one)} and ${variable(other)} must differ.`
}

const portSettings = ['chatPort', 'notifyPort', 'chatMetricsPort', 'notifyMetricsPort'] as const

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
