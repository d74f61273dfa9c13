/** What a built page would run or load besides what lies with it, as the syntax of its parts has it. */
import ts from 'typescript'

/** Where a text begins with one, or markup or a style in it leads there: in a sentence it is only told. */
const host = /(?<=^|["'(=]\s*|@import\s+)(?:\b(?:https?|wss?):)?\/\/[\w-]+(?:\.[\w-]+)+[^\s'"`)]*/g

/** Names of vocabularies, which nobody asks for anything, and addresses that stand in messages for developers. */
const namesOnly = new Set([
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/1998/Math/MathML',
  'http://www.w3.org/1999/xlink',
  'https://vuejs.org/error-reference/#runtime-',
  'https://github.com/highlightjs/highlight.js/wiki/security',
])

const hostsIn = (text: string): string[] =>
  (text.match(host) ?? []).filter((address) => !namesOnly.has(address))

/** `eval` and `Function` by whatever object they are reached. */
const nameOf = (node: ts.Expression): string =>
  ts.isPropertyAccessExpression(node)
    ? node.name.text
    : ts.isParenthesizedExpression(node)
      ? nameOf(node.expression)
      : ts.isBinaryExpression(node)
        ? nameOf(node.right)
        : ts.isIdentifier(node)
          ? node.text
          : ''

const makesCode = new Set(['eval', 'Function'])
const timers = new Set(['setTimeout', 'setInterval', 'setImmediate', 'execScript'])

function isTextRun(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false
  const name = nameOf(node.expression)
  const [first] = node.arguments ?? []
  const isText = first && (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first))
  return makesCode.has(name) || (timers.has(name) && isText === true)
}

const isText = (node: ts.Node): node is ts.LiteralLikeNode =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddle(node) ||
  ts.isTemplateTail(node)

export function faultsOfScript(script: string): string[] {
  const faults: string[] = []
  const visit = (node: ts.Node): void => {
    if (isTextRun(node)) faults.push(`runs text: ${node.getText().slice(0, 80)}`)
    if (isText(node)) faults.push(...hostsIn(node.text).map((found) => `names ${found}`))
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('built.js', script, ts.ScriptTarget.Latest, true))
  return faults
}

export const faultsOfStyle = (style: string): string[] =>
  hostsIn(style).map((found) => `names ${found}`)

/** Markup as the build writes it: attributes in quotes. */
export function faultsOfPage(page: string): string[] {
  const withoutComments = page.replace(/<!--[^]*?-->/g, '')
  const tags = withoutComments.match(/<[a-z][^>]*>/gi) ?? []
  const handlers = tags.filter((tag) => /\s(?:on[a-z]+|style|srcdoc)\s*=|javascript:/i.test(tag))
  return [
    ...handlers.map((tag) => `acts in the page: ${tag}`),
    ...tags.filter((tag) => /^<(?:base|iframe|object|embed)\b/i.test(tag)),
    ...tags.flatMap(hostsIn).map((found) => `names ${found}`),
  ]
}

/** The scripts that stand in a page. */
export const scriptsIn = (page: string): string[] =>
  [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script = '']) => script)

/** What a page names to be loaded. */
export const namedBy = (page: string): string[] =>
  [...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address = '']) => address)
