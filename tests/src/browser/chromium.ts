/** Where the browser is. */
export const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/** As every run starts it: by root, without a screen, and silent where it is not asked. */
export const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What dates, words and colours depend on. */
export const reader = {
  locale: 'en-GB',
  timezoneId: 'Europe/Berlin',
  colorScheme: 'dark',
} as const
