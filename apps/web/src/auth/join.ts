import type { Output, endpoints } from '@parley/contract'
import { shallowRef } from 'vue'
import { client } from '../app/client.ts'
import { forgetState } from '../live/cache.ts'

type Preview = Output<typeof endpoints.previewInvite>['workspace']

/** Joins the workspace of an invite; gives the path of the channel that everybody there is in. */
export async function join(code: string): Promise<string> {
  const { id } = await client.acceptInvite({ params: { code } })
  await forgetState()
  const { chats } = await client.listChats({ query: { workspace_id: id, limit: 100 } })
  const general = chats.find((chat) => chat.is_general)
  return general === undefined ? '/' : `/w/${id}/c/${general.id}`
}

/** Where an invite leads, for a page that was reached with one. */
export function useInvite(code: string | undefined) {
  const workspace = shallowRef<Preview>()
  const failure = shallowRef<unknown>()
  async function ask(): Promise<void> {
    failure.value = undefined
    if (code === undefined) return
    try {
      workspace.value = (await client.previewInvite({ params: { code } })).workspace
    } catch (error) {
      failure.value = error
    }
  }
  void ask()
  return { workspace, failure, ask }
}
