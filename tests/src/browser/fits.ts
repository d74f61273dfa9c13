/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from '@playwright/test'
import { expect } from './fixtures.ts'

/**
 * Runs in the page: names what a person could not read. A text may end in dots only where it is a name
 * (those sit in `bdi`), and may be scrolled to in one direction only, but for code.
 */
function cutOff(): string[] {
  const found: string[] = []
  const isHeard = (element: Element): boolean =>
    element.closest('.only-heard, .skip:not(:focus)') !== null
  const label = (element: Element): string =>
    `${element.tagName.toLowerCase()}.${element.className} "${element.textContent.trim().slice(0, 40)}"`
  const root = document.scrollingElement
  if (root && root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} wide`)

  for (const element of document.body.querySelectorAll('*')) {
    if (!element.checkVisibility() || isHeard(element)) continue
    const { overflowX } = getComputedStyle(element)
    const scrolls = overflowX === 'auto' || overflowX === 'scroll'
    if (
      scrolls &&
      element.scrollWidth > element.clientWidth + 1 &&
      !element.matches('pre, textarea')
    )
      found.push(`scrolls sideways: ${label(element)}`)
  }

  /** A font's box is higher than its letters. */
  const air = 5
  /** How far a word reaches over what holds it; scrolling leads to the rest. */
  function reach(node: Text, box: DOMRect): string | undefined {
    let down = false
    for (let up = node.parentElement; up; up = up.parentElement) {
      const style = getComputedStyle(up)
      const holds = up.getBoundingClientRect()
      const wide = box.left < holds.left - 1 || box.right > holds.right + 1
      const tall = box.top < holds.top - air || box.bottom > holds.bottom + air
      if (style.overflowX === 'auto' || style.overflowX === 'scroll') {
        if (up.matches('pre')) return undefined
      } else if (style.overflowX !== 'visible' && wide) {
        const name = up.localName === 'bdi' || up.querySelector(':scope > bdi') !== null
        if (style.textOverflow !== 'ellipsis' || !name) return `cut by ${label(up)}`
        return undefined
      }
      down ||= /auto|scroll/.test(style.overflowY)
      if (!down && style.overflowY !== 'visible' && tall) return `cut by ${label(up)}`
      const framed = up.matches('button, a.primary, [role=menuitem], [role=option], kbd, header')
      if (framed && (wide || tall)) return `hangs out of ${label(up)}`
    }
    if (box.left < -1 || box.right > innerWidth + 1) return 'beside the window'
    return !down && (box.top < -1 || box.bottom > innerHeight + 1) ? 'below the window' : undefined
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const { parentElement: element } = node
    if (!(node instanceof Text) || !element || node.data.trim() === '') continue
    if (!element.checkVisibility() || isHeard(element) || element.closest('script, style')) continue
    const style = getComputedStyle(element)
    if (parseFloat(style.lineHeight) < parseFloat(style.fontSize))
      found.push(`lines lie over each other: ${label(element)}`)
    // Word by word: spaces at the end of a line hang over it.
    for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + word.length)
      const where = reach(node, range.getBoundingClientRect())
      if (where !== undefined) found.push(`"${word.slice(0, 40)}" ${where}`)
    }
  }
  return found
}

/** Nothing is cut off, and nothing scrolls in two directions. */
export async function fits(page: Page, what: string): Promise<void> {
  expect.soft(await page.evaluate(cutOff), what).toEqual([])
}

/** Runs in the page: makes all of its own words 40 % longer, and keeps them so. */
function lengthen(): void {
  const long = new WeakMap<Node, string>()
  const names = 'bdi, time, kbd, article, option, script, style, title, [aria-hidden=true]'
  function stretch(node: Node): void {
    const { parentElement: element } = node
    if (!(node instanceof Text) || !element || element.closest(names)) return
    const text = node.data.trim()
    if (!/\p{L}{2}/u.test(text) || long.get(node) === node.data) return
    const more = text.slice(0, Math.ceil(text.length * 0.4)).trim()
    node.data = node.data.replace(text, text.includes(' ') ? `${text} ${more}` : text + more)
    long.set(node, node.data)
  }
  function stretchIn(root: Node): void {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    if (root instanceof Text) stretch(root)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) stretch(node)
  }
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes)
      for (const node of [target, ...addedNodes])
        if (node instanceof Text || addedNodes.length > 0) stretchIn(node)
  }).observe(document, { subtree: true, childList: true, characterData: true })
}

/** Every page from now on is in a language whose words are 40 % longer. */
export const speakLonger = (page: Page): Promise<unknown> => page.addInitScript(lengthen)
