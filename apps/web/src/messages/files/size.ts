import { locale } from '../../words/words.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Bytes as people say it, in units of 1,024 as the limits are: "1.4 MB". */
export function sizeText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return new Intl.NumberFormat(locale.value, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    // “9 bytes”, but “1.4 MB”.
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: bytes < 10 * 1024 ** step && step > 0 ? 1 : 0,
  }).format(bytes / 1024 ** step)
}

/** What a file is, in a few letters: how its name ends, or what it holds. */
export function typeText({ name, mime }: { name: string; mime: string }): string {
  const [, ending] = /\.([a-z\d]{1,5})$/i.exec(name) ?? []
  const [, held = ''] = /\/(?:x-|vnd\.)?([\w-]{1,12})/.exec(mime) ?? []
  return (ending ?? (held === 'octet-stream' ? '' : held)).toUpperCase()
}
