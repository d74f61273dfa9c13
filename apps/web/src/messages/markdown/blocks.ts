import { readInline } from './inline.ts'
import type { Block } from './tokens.ts'

/** Quotes and lists in each other; beyond, their marks are text. */
const deepest = 5

const fence = /^ {0,3}(`{3,})([^`]*)$/
const quote = /^ {0,3}> ?/
const item = /^( {0,3}(?:[-*+]|(\d{1,9})[.)])[ \t]+)(?=\S)/
const indented = /^(?: {2,}|\t)/
const isBlank = (line: string): boolean => line.trim() === ''

class Lines {
  readonly #lines: readonly string[]
  readonly #depth: number
  #at = 0

  constructor(lines: readonly string[], depth: number) {
    this.#lines = lines
    this.#depth = depth
  }

  read(): readonly Block[] {
    const blocks: Block[] = []
    while (this.#at < this.#lines.length) {
      const line = this.#line
      if (isBlank(line)) this.#at++
      else blocks.push(this.#fenced(line) ?? this.#quote(line) ?? this.#list(line) ?? this.#rest())
    }
    return blocks
  }

  get #line(): string {
    return this.#lines[this.#at] ?? ''
  }

  #starts(line: string): boolean {
    return fence.test(line) || (this.#depth < deepest && (quote.test(line) || item.test(line)))
  }

  #nested(lines: readonly string[]): readonly Block[] {
    return new Lines(lines, this.#depth + 1).read()
  }

  /** Without an end, everything is code: so the server reads it, too. */
  #fenced(line: string): Block | undefined {
    const [, marks, info = ''] = fence.exec(line) ?? []
    if (marks === undefined) return undefined
    const end = new RegExp(`^ {0,3}\`{${marks.length},}\\s*$`)
    const start = ++this.#at
    while (this.#at < this.#lines.length && !end.test(this.#line)) this.#at++
    const text = this.#lines.slice(start, this.#at).join('\n')
    this.#at++
    const language = /^\s*([\w+#.-]{1,24})/.exec(info)?.[1] ?? ''
    return { type: 'code', language, text }
  }

  #quote(line: string): Block | undefined {
    if (this.#depth >= deepest || !quote.test(line)) return undefined
    const lines: string[] = []
    for (; this.#at < this.#lines.length && quote.test(this.#line); this.#at++)
      lines.push(this.#line.replace(quote, ''))
    return { type: 'quote', children: this.#nested(lines) }
  }

  #list(line: string): Block | undefined {
    const first = this.#depth < deepest ? item.exec(line) : null
    if (!first) return undefined
    const ordered = first[2] !== undefined
    const items: (readonly Block[])[] = []
    for (let mark = first; mark && (mark[2] !== undefined) === ordered;) {
      items.push(this.#nested(this.#itemLines(mark[1]?.length ?? 2)))
      const next = item.exec(this.#line)
      if (!next) break
      mark = next
    }
    return { type: 'list', ordered, start: Number(first[2] ?? 1), items }
  }

  #itemLines(width: number): string[] {
    const lines = [this.#line.slice(width)]
    this.#at++
    while (indented.test(this.#line)) {
      const line = this.#line.replace(/^\t/, '    ')
      lines.push(line.slice(Math.min(width, line.search(/\S|$/))))
      this.#at++
    }
    return lines
  }

  #rest(): Block {
    const start = this.#at++
    while (this.#at < this.#lines.length && !isBlank(this.#line) && !this.#starts(this.#line))
      this.#at++
    const text = this.#lines.slice(start, this.#at).join('\n')
    return { type: 'paragraph', children: readInline(text) }
  }
}

/** The blocks of a message's text. */
export const readMarkdown = (content: string): readonly Block[] =>
  new Lines(content.replace(/\r\n?/g, '\n').split('\n'), 0).read()
