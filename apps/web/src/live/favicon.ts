const urls = new Map<string, string>()

const draw = async (badge: string): Promise<string> =>
  (await import('./draw-badge.ts')).drawBadge(badge)

let wanted = 'none'

/** Shows the badge on the page's icon: `none`, `dot` or a number. Each is drawn once. */
export async function showBadge(badge: string): Promise<void> {
  wanted = badge
  const url = badge === 'none' ? '/icon.svg' : (urls.get(badge) ?? (await draw(badge)))
  if (badge !== 'none') urls.set(badge, url)
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (wanted !== badge || !link) return
  link.href = url
  link.dataset['badge'] = badge
}
