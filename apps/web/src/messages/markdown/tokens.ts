/** What a message's text is made of. Nothing of it is HTML. */
export type Inline =
  | string
  | { readonly type: 'strong' | 'em' | 'strike'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | LinkToken
  /** As it was written, maybe with the dot of the sentence behind it. */
  | { readonly type: 'mention'; readonly name: string }

export interface LinkToken {
  readonly type: 'link'
  readonly href: string
  readonly children: readonly Inline[]
  /** Where it leads, to be shown where the text may tell otherwise. */
  readonly host: string | undefined
}

export type Block =
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly type: 'quote'; readonly children: readonly Block[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | {
      readonly type: 'list'
      readonly ordered: boolean
      readonly start: number
      readonly items: readonly (readonly Block[])[]
    }

/** The text without its marks. */
export function plainText(tokens: readonly Inline[]): string {
  return tokens.map(textOf).join('')
}

function textOf(token: Inline): string {
  if (typeof token === 'string') return token
  if (token.type === 'code') return token.text
  if (token.type === 'mention') return `@${token.name}`
  return plainText(token.children)
}
