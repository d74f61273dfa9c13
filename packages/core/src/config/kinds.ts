import { isIP, isIPv4 } from 'node:net'

/** What a setting may be: how it is read from text, and how to say what was expected. */
export interface Kind<T> {
  /** Completes "must be …". */
  expected: string
  /** Undefined when the text is not one. */
  parse(text: string): T | undefined
}

export const whole = (least: number, most: number): Kind<number> => ({
  expected: `a whole number from ${least} to ${most}`,
  parse: (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return number >= least && number <= most ? number : undefined
  },
})

/** Days, or 0 for all time. */
export const daysOrEver = (least: number, most: number): Kind<number> => ({
  expected: `a whole number from ${least} to ${most}, or 0`,
  parse: (text) => (text === '0' ? 0 : whole(least, most).parse(text)),
})

const units = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const
const isUnit = (text: string): text is keyof typeof units => text in units

/** A number of bytes, at most 1,024 TiB. */
export const bytes = (least: number): Kind<number> => ({
  expected: `a size like ${least === 0 ? '0, ' : ''}500 MiB or 20 GiB`,
  parse: (text) => {
    const [, digits = '', unit = 'B'] = /^(\d{1,16}) ?([KMGT]iB|B)?$/.exec(text) ?? []
    const number = digits !== '' && isUnit(unit) ? Number(digits) * units[unit] : Number.NaN
    return number >= least && number <= 1024 * units.TiB ? number : undefined
  },
})

/** Ports of other protocols, to which no browser connects (Fetch standard, 2.9, "bad port"). */
const badPorts = new Set([
  1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
  103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465,
  512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993,
  995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668,
  6669, 6679, 6697, 10080,
])

export const port: Kind<number> = {
  expected: 'a port from 1 to 65535 that browsers connect to',
  parse: (text) => {
    const number = whole(1, 65_535).parse(text)
    return number === undefined || badPorts.has(number) ? undefined : number
  },
}

/** A port that no browser is meant for. */
export const portOrNone: Kind<number> = {
  expected: 'a port from 1 to 65535, or 0 for none',
  parse: whole(0, 65_535).parse,
}

export const oneOf = <const T extends string>(...names: T[]): Kind<T> => ({
  expected: `one of ${names.join(', ')}`,
  parse: (text) => names.find((name) => name === text),
})

const flags = new Map([
  ['on', true],
  ['true', true],
  ['off', false],
  ['false', false],
])
export const flag: Kind<boolean> = { expected: 'on or off', parse: (text) => flags.get(text) }

export const text = (most: number): Kind<string> => ({
  expected: `1 to ${most} characters on one line`,
  parse: (value) =>
    Array.from(value).length <= most && !/\p{Cc}/u.test(value) ? value : undefined,
})

export const path: Kind<string> = {
  expected: 'a path',
  parse: (value) => (value.includes('\0') ? undefined : value),
}

/** The rules for a bucket's name that all stores have. */
export const bucket: Kind<string> = {
  expected: '3 to 63 small letters, digits, dots and hyphens',
  parse: (value) => (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value) ? value : undefined),
}

/** Comes with a slash at its end. */
export const prefix: Kind<string> = {
  expected: 'names of letters, digits, dots, underscores and hyphens, separated by slashes',
  parse: (value) =>
    /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))(?:[\w.-]+\/)*[\w.-]+\/?$/.test(value) && value.length <= 256
      ? value.replace(/\/?$/, '/')
      : undefined,
}

export const address: Kind<string> = {
  expected: 'an IP address of this machine, or localhost',
  parse: (value) => (isIP(value) > 0 || value === 'localhost' ? value : undefined),
}

/** An address or a block of them; not all there are, for then everybody could say where they come from. */
function isNetwork(value: string): boolean {
  const [address = '', bits, ...more] = value.split('/')
  const most = isIPv4(address) ? 32 : 128
  const known = isIP(address) > 0 && !address.includes('%') && more.length === 0
  return known && (bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= most))
}

export const networks: Kind<readonly string[]> = {
  expected: 'IP addresses and blocks like 10.0.0.0/8, separated by commas',
  parse: (value) => {
    const list = value.split(',').map((one) => one.trim())
    return list.every(isNetwork) ? Object.freeze(list) : undefined
  },
}

const parsed = (value: string, ...protocols: string[]): URL | undefined => {
  const url = URL.parse(value)
  return url && protocols.includes(url.protocol.slice(0, -1)) ? url : undefined
}

export const postgresUrl: Kind<string> = {
  expected: 'a URL that begins with postgres://',
  parse: (value) => parsed(value, 'postgres', 'postgresql') && value,
}

export const redisUrl: Kind<string> = {
  expected: 'a URL that begins with redis:// or rediss://',
  parse: (value) => parsed(value, 'redis', 'rediss') && value,
}

export const smtpUrl: Kind<string> = {
  expected: 'a URL that begins with smtp:// or smtps://, with a host',
  parse: (value) => {
    const url = parsed(value, 'smtp', 'smtps')
    return url && url.hostname !== '' ? value : undefined
  },
}

/** Scheme, host and port. A path has no meaning here: the servers answer at the root. */
export const origin: Kind<string> = {
  expected: 'an address like https://chat.example.org, without a path',
  parse: (value) => {
    const url = parsed(value, 'http', 'https')
    const bare =
      url && url.pathname === '/' && url.search + url.hash + url.username + url.password === ''
    return bare ? url.origin : undefined
  },
}

/**
 * The address of an OpenID provider, character by character as it calls itself (OpenID Connect Discovery
 * 1.0, 3). Over plain http only on this machine: whoever answers in its place says who people are.
 */
export const issuer: Kind<string> = {
  expected:
    'an address like https://login.example.org, of at most 255 characters, https unless on this machine',
  parse: (value) => {
    const url = parsed(value, 'http', 'https')
    const bare = url && url.search + url.hash + url.username + url.password === ''
    const ascii = /^[!-~]{1,255}$/.test(value) && !/[?#]/.test(value)
    return bare && ascii && !isOverheard(value) ? value : undefined
  },
}

/** Plain http is fine where it never leaves the machine. */
export function isOverheard(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  const loopback =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  return protocol === 'http:' && !loopback
}

export const origins: Kind<readonly string[]> = {
  expected: 'addresses like https://chat.example.org, separated by commas',
  parse: (value) => {
    const list = value.split(',').map((one) => origin.parse(one.trim()))
    return list.every((one) => one !== undefined) ? Object.freeze(list) : undefined
  },
}

/** 32 bytes as 43 characters of base64url. */
export const key: Kind<string> = {
  expected: '32 random bytes in base64url (43 characters)',
  parse: (value) => {
    const canonical =
      /^[\w-]{43}$/.test(value) && Buffer.from(value, 'base64url').toString('base64url') === value
    return canonical ? value : undefined
  },
}
