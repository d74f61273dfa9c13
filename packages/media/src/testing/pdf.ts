import { deflateSync } from 'node:zlib'

/** A document of one page that draws this, with what else its catalogue says. */
export function pdf(drawn: string | Buffer, catalogue = ''): Buffer {
  const content = deflateSync(drawn)
  const objects = [
    `<</Type/Catalog/Pages 2 0 R${catalogue}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
    `<</Length ${content.length}/Filter/FlateDecode>>stream\n${content.toString('latin1')}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ]
  const places: number[] = []
  let text = '%PDF-1.4\n'
  for (const [index, object] of objects.entries()) {
    places.push(text.length)
    text += `${index + 1} 0 obj${object}endobj\n`
  }
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const table = `xref\n0 6\n0000000000 65535 f \n${rows}trailer<</Size 6/Root 1 0 R>>\n`
  return Buffer.from(`${text}${table}startxref\n${text.length}\n%%EOF`, 'latin1')
}

/** What draws these lines below each other. */
export const lines = (...texts: readonly string[]): string =>
  `BT /F 12 Tf 72 700 Td ${texts.map((text) => `(${text}) Tj 0 -20 Td`).join(' ')} ET`
