import type { File } from '@parley/contract'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** What each dialog is given. Their components are loaded when they are first shown: see ShownDialog. */
export interface Dialogs {
  createChannel: { workspace: number }
  newMessage: { workspace: number }
  invite: { workspace: number }
  workspaceSettings: { workspace: number }
  startWorkspace: Record<string, never>
  chatSettings: { chatId: number }
  addPeople: { chatId: number }
  jumpToDate: { chatId: number }
  confirm: Confirmation
  /** Told whether the person proved who they are. */
  confirmIdentity: { decide(proved: boolean): void }
  eraseAccount: Record<string, never>
  shortcuts: Record<string, never>
  /** `first` is the place of the one to begin with. */
  lightbox: { files: readonly File[]; first: number; own: boolean }
  /** Rejects where what is said of the file is not kept. */
  describeFile: { file: File; save(alt: string | null): Promise<unknown> }
}

export interface Confirmation {
  title: string
  text: string
  /** What the button says. */
  action: string
  act(): Promise<unknown>
}

export type DialogName = keyof Dialogs

/** The dialog that is open: one at a time, whichever page one is on. */
export const useDialogs = defineStore('dialogs', () => {
  const shown = shallowRef<{ name: DialogName; props: object }>()
  return {
    shown,
    show<N extends DialogName>(name: N, props: Dialogs[N]): void {
      shown.value = { name, props }
    },
    close(): void {
      shown.value = undefined
    },
  }
})
