import { renderToString } from 'vue/server-renderer'
import fc from 'fast-check'
import { h } from 'vue'
import { describe, expect, it } from 'vitest'
import { readMarkdown } from './blocks.ts'
import { isFewEmoji } from './emoji.ts'
import { hostile, slow } from '@parley/core/testing/hostile-texts'
import { blocks } from './render.ts'
import { type Block, plainText } from './tokens.ts'
import { appWords } from '../../words/words.ts'

await appWords()

const names = new Set(['ann', 'bob.b'])
const render = (content: string): Promise<string> =>
  renderToString(
    h(
      'main',
      blocks(readMarkdown(content), {
        isMentioned: (name) => names.has(name.toLowerCase()),
        nextId: () => 'code',
        reachable: false,
      }),
    ),
  ).then((html) => html.slice('<main>'.length, -'</main>'.length))

const allowed =
  /^<\/?(?:p|strong|em|s|code|pre|a|bdi|blockquote|ul|ol|li|div|span|button)(?: (?:dir|class|href|target|rel|tabindex|start|type|role|id|hidden|aria-label|aria-labelledby|aria-hidden|data-copy)(?:="[^"]*")?)*>$/

function expectHarmless(html: string): void {
  const without = html.replaceAll('<!--[-->', '').replaceAll('<!--]-->', '')
  for (const [tag] of without.matchAll(/<[^>]*>/g)) expect(tag).toMatch(allowed)
  for (const [, href = ''] of without.matchAll(/href="([^"]*)"/g))
    expect(href).toMatch(/^(?:https?:\/\/|mailto:)/)
  expect(without).not.toMatch(/<[^>]* on\w+=/i)
}

describe('a text', () => {
  it.each([
    [
      '**bold** and *slanted* and ~~gone~~',
      '<p dir="auto"><strong>bold</strong> and <em>slanted</em> and <s>gone</s></p>',
    ],
    ['***both***', '<p dir="auto"><strong><em>both</em></strong></p>'],
    ['**a *b** c', '<p dir="auto"><strong>a *b</strong> c</p>'],
    ['snake_case_name and 2 * 3 * 4', '<p dir="auto">snake_case_name and 2 * 3 * 4</p>'],
    ['`a*b*`', '<p dir="auto"><code class="md-code" dir="ltr">a*b*</code></p>'],
    ['`` a ` b ``', '<p dir="auto"><code class="md-code" dir="ltr">a ` b</code></p>'],
    [String.raw`\*not\*`, '<p dir="auto">*not*</p>'],
    ['one\ntwo', '<p dir="auto">one\ntwo</p>'],
    ['one\n\ntwo', '<p dir="auto">one</p><p dir="auto">two</p>'],
    [
      'hi @ann. and @nobody',
      '<p dir="auto">hi <bdi class="md-mention">@ann</bdi>. and @nobody</p>',
    ],
    ['a@ann', '<p dir="auto">a@ann</p>'],
    ['# no heading', '<p dir="auto"># no heading</p>'],
    ['***', '<p dir="auto">***</p>'],
    ['** **', '<p dir="auto">** **</p>'],
  ])('%j is shown as it is meant', async (content, html) => {
    expect(await render(content)).toBe(html)
  })

  it('has quotes, lists in lists and code', async () => {
    const html = await render(
      '> quoted\n> more\n- a\n  - b\n- c\n7. seven\n```ts\nconst a = `x`\n```',
    )
    const plain = html.replaceAll(
      / (?:class|dir|tabindex|role|type|aria-\w+|data-\w+)="[^"]*"/g,
      '',
    )
    expect(plain).toBe(
      '<blockquote><p>quoted\nmore</p></blockquote>' +
        '<ul><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ul>' +
        '<ol start="7"><li><p>seven</p></li></ol>' +
        '<div><span>ts</span><span id="code" hidden>Code, ts</span><pre><code>const a = `x`</code></pre><button data-copy>Copy</button></div>',
    )
  })

  it('leaves code as it was written', () => {
    const code = '  a\n\n\t<b> & *c*\n> d'
    expect(readMarkdown('```\n' + code + '\n```')).toEqual([
      { type: 'code', language: '', text: code },
    ])
    expect(readMarkdown('```rust\nlet a')).toEqual([
      { type: 'code', language: 'rust', text: 'let a' },
    ])
  })

  it.each([
    ['see https://a.org/x_y_(z), ok', 'https://a.org/x_y_(z)'],
    ['(https://a.org/b)', 'https://a.org/b'],
    ['**https://a.org**', 'https://a.org/'],
    ['[docs](https://a.org/x)', 'https://a.org/x'],
    ['[w](https://a.org/x_(y))', 'https://a.org/x_(y)'],
    ['[mail](mailto:a@b.org)', 'mailto:a@b.org'],
  ])('%j leads to %s', async (content, href) => {
    const html = await render(content)
    expect(html).toContain(`href="${href}"`)
    expect(html).toContain('rel="noopener noreferrer nofollow"')
    expect(html).not.toContain('md-host')
  })

  it.each([
    ['[https://bank.com](https://evil.com)', 'evil.com'],
    ['[bank.com/login](https://evil.com/)', 'evil.com'],
    ['[go to www.bank.com now](https://evil.com/)', 'evil.com'],
    ['https://bank.com@evil.com/', 'evil.com'],
    ['https://bank.com%2f@evil.com', 'evil.com'],
    ['https://аpple.com', 'xn--pple-43d.com'],
    ['[https://аpple.com](https://аpple.com)', 'xn--pple-43d.com'],
    ['[bank\u2024com](https://evil.com)', 'evil.com'],
    ['[bank。com](https://evil.com)', 'evil.com'],
    ['[ba\u200bnk.com](https://evil.com)', 'evil.com'],
    ['[**bank**.com](https://evil.com)', 'evil.com'],
    ['[\u202emoc.knab//:sptth](https://evil.com/moc.knab)', 'evil.com'],
    ['[help@bank.com](mailto:me@evil.com)', 'me@evil.com'],
    ['[ｂank.com](https://evil.com)', 'evil.com'],
  ])('%j shows where it leads', async (content, host) => {
    expect(await render(content)).toContain(`(${host})`)
  })

  it('is short of links where they are not meant', async () => {
    const html = await render('[a](b) [c](javascript:alert(1)) https:// ftp://a.b')
    expect(html).not.toContain('<a ')
  })
})

describe('hostile text', () => {
  it.each(hostile.map((content, index) => [index, content] as const))(
    'no. %i %j is harmless',
    async (_index, content) => {
      for (const wrapped of [content, `**${content}**`, `> ${content}`, `[${content}](${content})`])
        expectHarmless(await render(wrapped))
    },
  )

  it('is harmless whatever it is', async () => {
    const piece = fc.constantFrom(
      '**',
      '_',
      '~~',
      '`',
      '```',
      '[',
      ']',
      '(',
      ')',
      '](',
      '\n',
      '> ',
      '- ',
      '1. ',
      '@ann',
      ' ',
      'https://a.b',
      'javascript:',
      '<b>',
      '\\',
      '"',
      '&',
      'x',
      '\u202e',
      '😀',
      'mailto:a@b',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        expectHarmless(await render(pieces.join('')))
      }),
      { numRuns: 500 },
    )
  })

  it('loses no letter', () => {
    const letters = (content: string) => content.replaceAll(/[^a-z]/g, '')
    const textOf = (blocks: readonly Block[]): string =>
      blocks
        .map((block) => {
          if (block.type === 'paragraph') return plainText(block.children)
          if (block.type === 'quote') return textOf(block.children)
          return block.type === 'code' ? block.text : block.items.map(textOf).join('')
        })
        .join('')
    const piece = fc.constantFrom(
      '**',
      '_',
      '~~',
      '`',
      '[',
      ']',
      '\n',
      '> ',
      '- ',
      'ab',
      'cd ',
      '@e',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const content = pieces.join('')
        expect(letters(textOf(readMarkdown(content)))).toBe(letters(content))
      }),
    )
  })

  it.each(slow)('IN-11: %s of 32,000 characters is read within 50 ms', (_name, piece) => {
    const content = piece.repeat(Math.ceil(32_000 / piece.length)).slice(0, 32_000)
    readMarkdown(content.slice(0, 2_000))
    const took = Array.from({ length: 3 }, () => {
      const start = performance.now()
      readMarkdown(content)
      return performance.now() - start
    })
    expect(Math.min(...took)).toBeLessThan(50)
  })
})

describe('emoji', () => {
  it.each(['😀', '👩‍👩‍👧 🇩🇪', '👍🏽👍🏽👍🏽', '1️⃣'])('%s alone are large', (content) => {
    expect(isFewEmoji(content)).toBe(true)
  })
  it.each(['a😀', '😀😀😀😀', '1', '#', ''])('%j are not', (content) => {
    expect(isFewEmoji(content)).toBe(false)
  })
})
