/** Where the browser is. */
export const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
