type Attributes = Record<string, string | number | undefined>

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (one) => escapes[one] ?? one)

/** An element; `inside` is markup. */
export function el(name: string, attributes: Attributes, inside = ''): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value === undefined
      ? ''
      : ` ${key}="${typeof value === 'number' ? Number(value.toFixed(2)) : escape(value)}"`,
  )
  return `<${name}${written.join('')}${inside === '' ? '/>' : `>${inside}</${name}>`}`
}

export const text = (x: number, y: number, says: string, more: Attributes = {}): string =>
  el('text', { x, y, ...more }, escape(says))

/** What is shown where the pointer rests. */
export const hint = (says: string): string => el('title', {}, escape(says))

export const line = (x1: number, y1: number, x2: number, y2: number, more: Attributes): string =>
  el('line', { x1, y1, x2, y2, ...more })

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  more: Attributes,
  inside = '',
): string => el('rect', { x, y, width, height, ...more }, inside)
