import { useToast } from '../../../ui/toast.ts'
import { say as t } from '../../../words/say.ts'

/** Copies a text that an element shows. Where the page may not do so, the person can: it is selected. */
export async function copy(text: string, shown: Element | null): Promise<void> {
  const toast = useToast()
  try {
    await navigator.clipboard.writeText(text)
    toast.show(t('nav.copied'))
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown)
    toast.show(t('nav.copy_by_hand'))
  }
}
