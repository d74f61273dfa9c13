import { hostToShow, safeUrl, withoutUnseen } from './links.ts'
import { type Inline, type LinkToken, plainText } from './tokens.ts'

/** What was opened and may be closed: a delimiter, and what came since. */
interface Frame {
  delimiter: string
  children: Inline[]
}

/** Nobody means more, and each level costs. */
const deepest = 10

const special = /[\\`*_~[\]@]|https?:\/\//gi
const escaped = /[!-/:-@[-`{-~]/
const word = /[\p{L}\p{N}_]/u
/** As the server reads them. */
const mention = /@([\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]{0,63})/uy
const noMention = /[\p{L}\p{N}_@.]/u
const webAddress = /https?:\/\/[^\s<>`"]+/iy
/** Stops at brackets, so that no text is looked at twice. */
const target = /\((?:<([^\s<>]*)>|((?:[^\s()<>[\]]|\([^\s()<>[\]]*\))*))\)/y
const kinds = { '*': 'em', _: 'em', '**': 'strong', __: 'strong', '~~': 'strike' } as const

const isKind = (text: string): text is keyof typeof kinds => text in kinds

function matchAt(pattern: RegExp, text: string, index: number): RegExpExecArray | undefined {
  pattern.lastIndex = index
  return pattern.exec(text) ?? undefined
}

/** Reads one paragraph, from left to right, without ever going back: in the time that its length takes. */
class Reader {
  readonly #text: string
  readonly #stack: Frame[] = [{ delimiter: '', children: [] }]
  readonly #ticks = new Map<number, number[]>()
  #index = 0

  constructor(text: string) {
    this.#text = text
    for (const { index, 0: run } of text.matchAll(/`+/g)) {
      const known = this.#ticks.get(run.length)
      if (known) known.push(index)
      else this.#ticks.set(run.length, [index])
    }
    for (const starts of this.#ticks.values()) starts.reverse()
  }

  read(): readonly Inline[] {
    for (;;) {
      special.lastIndex = this.#index
      const next = special.exec(this.#text)
      if (!next) break
      this.#add(this.#text.slice(this.#index, next.index))
      this.#index = next.index
      this.#take(next[0])
    }
    this.#add(this.#text.slice(this.#index))
    while (this.#stack.length > 1) this.#giveUp()
    return this.#top.children
  }

  get #top(): Frame {
    const top = this.#stack.at(-1)
    if (!top) throw new Error('the lowest frame is never closed')
    return top
  }

  #add(token: Inline): void {
    const { children } = this.#top
    const last = children.at(-1)
    if (typeof token !== 'string') children.push(token)
    else if (typeof last === 'string') children[children.length - 1] = last + token
    else if (token !== '') children.push(token)
  }

  /** What was opened is text after all. */
  #giveUp(): void {
    const frame = this.#stack.pop()
    if (!frame) return
    this.#add(frame.delimiter)
    for (const child of frame.children) this.#add(child)
  }

  #literally(text: string): void {
    this.#add(text)
    this.#index += text.length
  }

  #open(delimiter: string): void {
    if (this.#stack.length > deepest) return this.#literally(delimiter)
    this.#stack.push({ delimiter, children: [] })
    this.#index += delimiter.length
  }

  /** Takes what was opened off the stack, all that was opened in it and not closed being text. */
  #close(depth: number): Frame | undefined {
    while (this.#stack.length > depth + 1) this.#giveUp()
    return this.#stack.pop()
  }

  #take(hit: string): void {
    if (hit === '\\') return this.#escape()
    if (hit === '`') return this.#code()
    if (hit === '@') return this.#mention()
    if (hit === '[') return this.#open('[')
    if (hit === ']') return this.#closeLink()
    if (hit.length > 1) return this.#webAddress(hit)
    return this.#mark(hit)
  }

  #escape(): void {
    const next = this.#text[this.#index + 1]
    if (next === undefined || !escaped.test(next)) return this.#literally('\\')
    this.#add(next)
    this.#index += 2
  }

  #code(): void {
    const length = matchAt(/`+/y, this.#text, this.#index)?.[0].length ?? 1
    const starts = this.#ticks.get(length) ?? []
    while ((starts.at(-1) ?? Infinity) <= this.#index) starts.pop()
    const end = starts.at(-1)
    if (end === undefined) return this.#literally('`'.repeat(length))
    const text = this.#text.slice(this.#index + length, end)
    this.#add({ type: 'code', text: /^ +[^ ].* $/s.test(text) ? text.slice(1, -1) : text })
    this.#index = end + length
  }

  #mention(): void {
    const before = this.#text[this.#index - 1] ?? ''
    const found = noMention.test(before) ? undefined : matchAt(mention, this.#text, this.#index)
    if (!found) return this.#literally('@')
    this.#add({ type: 'mention', name: found[1] ?? '' })
    this.#index += found[0].length
  }

  #webAddress(scheme: string): void {
    const before = this.#text[this.#index - 1] ?? ''
    const found = word.test(before) ? undefined : matchAt(webAddress, this.#text, this.#index)
    const text = found && trimmed(found[0])
    const url = text === undefined ? undefined : safeUrl(text)
    if (text === undefined || !url) return this.#literally(scheme)
    this.#add(link(url, [text]))
    this.#index += text.length
  }

  #closeLink(): void {
    const depth = this.#stack.findLastIndex(({ delimiter }) => delimiter === '[')
    const found = depth > 0 ? matchAt(target, this.#text, this.#index + 1) : undefined
    const url = safeUrl(found?.[1] ?? found?.[2] ?? '')
    if (!found || !url) return this.#literally(']')
    const children = unlinked(this.#close(depth)?.children ?? [])
    this.#add(link(url, children.length > 0 ? children : [url.href]))
    this.#index += 1 + found[0].length
  }

  #mark(character: string): void {
    const run = /^(.)\1*/.exec(this.#text.slice(this.#index, this.#index + 4))?.[0] ?? character
    const before = this.#text[this.#index - 1] ?? ' '
    const after = this.#text[this.#index + run.length] ?? ' '
    const within = character === '_' && word.test(before) && word.test(after)
    const top = this.#top.delimiter
    const double = character.repeat(2)
    const tried = [run.length > 2 && run.startsWith(top) ? top : '', run.slice(0, 2), character]
    if (!within && /\S/.test(before) && (character !== '_' || !word.test(after))) {
      for (const delimiter of tried) {
        const depth = isKind(delimiter) ? this.#openedBy(delimiter) : -1
        if (depth > 0) return this.#wrap(depth, delimiter)
      }
    }
    if (character === '~' && run.length !== 2) return this.#literally(run)
    if (within || /\s/.test(after) || (character === '_' && word.test(before)))
      return this.#literally(run)
    return this.#open(run.length > 1 ? double : character)
  }

  #openedBy(delimiter: string): number {
    const depth = this.#stack.findLastIndex((frame) => frame.delimiter === delimiter)
    const empty = depth === this.#stack.length - 1 && this.#top.children.length === 0
    return empty ? -1 : depth
  }

  #wrap(depth: number, delimiter: string): void {
    const children = this.#close(depth)?.children ?? []
    if (isKind(delimiter)) this.#add({ type: kinds[delimiter], children })
    this.#index += delimiter.length
  }
}

function link(url: URL, children: readonly Inline[]): LinkToken {
  const shown = children.map((child) => (typeof child === 'string' ? withoutUnseen(child) : child))
  return {
    type: 'link',
    href: url.href,
    children: shown,
    host: hostToShow(plainText(children), url),
  }
}

/** A link has no links in it. */
function unlinked(tokens: readonly Inline[]): readonly Inline[] {
  return tokens.flatMap((token) => {
    if (typeof token === 'string') return [token]
    if (token.type === 'link') return token.children
    if (token.type === 'mention') return [`@${token.name}`]
    return token.type === 'code' ? [token] : [{ ...token, children: unlinked(token.children) }]
  })
}

/** An address without what belongs to the sentence around it. */
function trimmed(text: string): string {
  let end = text.length
  let surplus = text.split(')').length - text.split('(').length
  while (end > 0) {
    const last = text[end - 1] ?? ''
    if (last === ')' ? surplus-- <= 0 : !/[.,:;!?'*_~\]|]/.test(last)) break
    end--
  }
  return text.slice(0, end)
}

export const readInline = (text: string): readonly Inline[] => new Reader(text).read()
