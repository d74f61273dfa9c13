import { client } from '../../app/client.ts'

/** Another picture, none any more, or the one that there is. */
export type Choice = Blob | null | undefined

/**
 * Has a choice take effect by a call that is given the file, or null; what was uploaded for a call that
 * was refused goes at once.
 */
export async function settle(
  choice: Choice,
  change: (file: number | null | undefined) => Promise<unknown>,
): Promise<void> {
  if (!choice) return void (await change(choice))
  const body = new FormData()
  body.append('file', choice, 'picture')
  const { files } = await client.uploadFiles({ body })
  const id = files[0]?.id ?? 0
  try {
    await change(id)
  } catch (error) {
    void client.deleteFile({ params: { id } }).catch(() => undefined)
    throw error
  }
}
