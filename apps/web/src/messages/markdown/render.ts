import { type VNode, h } from 'vue'
import { t } from '../../words/words.ts'
import { CodeText } from './code.ts'
import type { Block, Inline, LinkToken } from './tokens.ts'

export interface RenderOptions {
  /** Whether that name was mentioned: others' `@` is text. */
  isMentioned(name: string): boolean
  /** What is inside takes part in tabbing. */
  reachable: boolean
  /** An id that nothing else on the page has, the same at each drawing. */
  nextId(): string
}

type Node = VNode | string

const tabbing = ({ reachable }: RenderOptions) => ({ tabindex: reachable ? 0 : -1 })

function mention(name: string, { isMentioned }: RenderOptions): Node[] {
  const known = [name, name.replace(/(?<![.-])[.-]+$/, '')].find(isMentioned)
  if (known === undefined) return [`@${name}`]
  return [h('bdi', { class: 'md-mention' }, `@${known}`), name.slice(known.length)]
}

function link({ href, host, children }: LinkToken, options: RenderOptions): Node[] {
  const attributes = {
    href,
    target: '_blank',
    rel: 'noopener noreferrer nofollow',
    ...tabbing(options),
  }
  const shown = host === undefined ? [] : [' ', h('bdi', { class: 'md-host' }, `(${host})`)]
  return [h('a', attributes, [...children.flatMap((child) => inline(child, options)), ...shown])]
}

const tags = { strong: 'strong', em: 'em', strike: 's' } as const

function inline(token: Inline, options: RenderOptions): Node[] {
  if (typeof token === 'string') return [token]
  switch (token.type) {
    case 'code':
      return [h('code', { class: 'md-code', dir: 'ltr' }, token.text)]
    case 'mention':
      return mention(token.name, options)
    case 'link':
      return link(token, options)
    case 'strong':
    case 'em':
    case 'strike':
      return [h(tags[token.type], children(token.children, options))]
    default:
      return token satisfies never
  }
}

const children = (tokens: readonly Inline[], options: RenderOptions): Node[] =>
  tokens.flatMap((token) => inline(token, options))

function codeBlock(text: string, language: string, options: RenderOptions): VNode {
  const name = language === '' ? t('list.code') : t('list.code_in', { language })
  const id = options.nextId()
  // By reference: a label of its own would be heard in place of the code where its message is named.
  const pre = { dir: 'ltr', role: 'region', 'aria-labelledby': id, ...tabbing(options) }
  const copy = {
    type: 'button',
    class: 'md-copy',
    'data-copy': '',
    'aria-label': t('list.copy_code'),
    ...tabbing(options),
  }
  return h('div', { class: 'md-block', dir: 'ltr' }, [
    ...(language === ''
      ? []
      : [h('span', { class: 'md-language', 'aria-hidden': 'true' }, language)]),
    h('span', { id, hidden: true }, name),
    // Another text is another element: what was coloured is not for it.
    h('pre', pre, [h(CodeText, { key: `${language} ${text}`, text, language })]),
    h('button', copy, t('list.copy')),
  ])
}

function block(token: Block, options: RenderOptions): VNode {
  switch (token.type) {
    case 'paragraph':
      return h('p', { dir: 'auto' }, children(token.children, options))
    case 'quote':
      return h('blockquote', { class: 'md-quote' }, blocks(token.children, options))
    case 'code':
      return codeBlock(token.text, token.language, options)
    case 'list':
      return h(
        token.ordered ? 'ol' : 'ul',
        { class: 'md-list', ...(token.ordered && token.start !== 1 && { start: token.start }) },
        token.items.map((item) => h('li', { dir: 'auto' }, blocks(item, options))),
      )
    default:
      return token satisfies never
  }
}

/** Elements, never HTML: a text cannot become anything that is not written here. */
export const blocks = (tokens: readonly Block[], options: RenderOptions): VNode[] =>
  tokens.map((token) => block(token, options))
