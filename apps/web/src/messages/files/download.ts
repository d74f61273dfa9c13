import type { File } from '@parley/contract'
import { client } from '../../app/client.ts'

/** Gives the file to the browser, which saves it. Throws what the call throws. */
export async function download({ id }: Pick<File, 'id'>): Promise<void> {
  const { url } = await client.openFile({ params: { id }, query: { download: true } })
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.rel = 'noreferrer'
  link.click()
}
