import { readFile, stat } from 'node:fs/promises'
import { getDocumentProxy } from 'unpdf'
import { type Found, nothing } from '../facts.ts'
import { previewOf } from './preview.ts'
import { Unfit } from './unfit.ts'

/** It is read as a whole, in bytes. */
const mostBytes = 32 * 2 ** 20

/** The text that the first page of a PDF begins with. Nothing of it is drawn, run or fetched. */
export async function lookAtDocument(path: string): Promise<Found> {
  if ((await stat(path)).size > mostBytes) throw new Unfit('too_large')
  const pdf = await getDocumentProxy(new Uint8Array(await readFile(path)), {
    disableFontFace: true,
    verbosity: 0,
  })
  const { items } = await (await pdf.getPage(1)).getTextContent()
  const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
  return { ...nothing, text_preview: previewOf(readable(text.join(''))) }
}

/** Without what the fonts of some documents give for characters that have no name. */
const readable = (text: string): string => text.replaceAll(/[^\P{Cc}\n]/gu, ' ')
