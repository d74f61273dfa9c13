/// <reference lib="dom" />
import type { Page } from '@playwright/test'

/** Runs in the page: keeps what a screen reader is told, from now on. */
export function hear(): void {
  const heard: string[] = []
  Reflect.set(window, 'heard', heard)
  new MutationObserver((changes) => {
    for (const { addedNodes, target } of changes) {
      const element = target instanceof Element ? target : target.parentElement
      if (!element?.closest('[role=log], [role=status], [role=alert], [aria-live=polite]')) continue
      for (const node of addedNodes)
        if (node.textContent?.trim()) heard.push(node.textContent.trim())
    }
  }).observe(document, { subtree: true, childList: true })
}

export const heard = async (page: Page): Promise<string[]> => {
  const said: unknown = await page.evaluate('heard')
  return Array.isArray(said) ? said.map(String) : []
}
