import { expect, test } from 'vitest'
import { deviceName } from './device-name.ts'

test('a device is called by its browser and system, and a program by its name', () => {
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0'
  const names = [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`,
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/140.0.0.0`,
    `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${chrome} Mobile Safari/537.36`,
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'curl/8.5.0',
    'Mozilla/5.0',
    '<b>x</b>',
    '',
  ].map((userAgent) => {
    const { program, system } = deviceName(userAgent)
    return `${program} on ${system}`
  })
  expect(names).toEqual([
    'Chrome on Windows',
    'Edge on Windows',
    'Chrome on Android',
    'Firefox on Linux',
    'Safari on macOS',
    'Safari on iPhone',
    'curl on undefined',
    'undefined on undefined',
    'undefined on undefined',
    'undefined on undefined',
  ])
})
