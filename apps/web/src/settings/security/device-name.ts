/** The first that fits: browsers name those that they want to be taken for, too. */
const browsers: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

export interface DeviceName {
  /** A browser, or the first word of what a program says of itself. */
  program: string | undefined
  system: string | undefined
}

/** What a person would call a device by what it says of itself (RFC 9110, 10.1.5). */
export function deviceName(userAgent: string): DeviceName {
  const named = (list: typeof browsers) => list.find(([pattern]) => pattern.test(userAgent))?.[1]
  const word = /^[\w.-]{1,40}/.exec(userAgent)?.[0]
  return {
    program: named(browsers) ?? (word === 'Mozilla' ? undefined : word),
    system: named(systems),
  }
}
