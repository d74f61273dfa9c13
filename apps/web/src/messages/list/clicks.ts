import { useRouter } from 'vue-router'
import { useToast } from '../../ui/toast.ts'
import { t } from '../../words/words.ts'

/** What is clicked inside of messages: code to copy, and links that lead to places of ours. */
export function useClicks(): (event: MouseEvent) => Promise<void> {
  const router = useRouter()
  const toast = useToast()

  async function copy(code: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(code)
      toast.show(t('list.copied'))
    } catch {
      toast.show(t('list.not_copied'))
    }
  }

  return async (event) => {
    const { target } = event
    if (!(target instanceof Element)) return
    if (target.closest('[data-copy]'))
      return copy(target.closest('.md-block')?.querySelector('pre')?.textContent ?? '')
    const link = target.closest<HTMLAnchorElement>('.md a')
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0
    if (!link || link.origin !== location.origin || !plain) return
    if (!link.pathname.startsWith('/w/')) return
    event.preventDefault()
    await router.push(link.pathname)
  }
}
