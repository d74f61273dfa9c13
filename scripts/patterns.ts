/** The regular expressions of the code, as its syntax has them. */
import ts from 'typescript'

export interface Pattern {
  /** Its file and line, as `a.ts:3`. */
  place: string
  source: string
  flags: string
}

/** Stands for what a template fills in: a number, or the letters and digits of a name. */
const filledIn = '3'

/** A text that is written there; undefined where it is only known when it runs. */
function textOf(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(filledIn)
  const isRaw = ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'String.raw'
  if (isRaw && ts.isNoSubstitutionTemplateLiteral(node.template)) return node.template.rawText
  return undefined
}

const isCallOf = (node: ts.Node): node is ts.NewExpression | ts.CallExpression =>
  (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
  /^(?:globalThis\.|window\.)?RegExp$/.test(node.expression.getText())

/** Source and flags of what is a pattern; without a source it cannot be read. */
function patternAt(node: ts.Node): { source: string | undefined; flags: string } | undefined {
  if (ts.isRegularExpressionLiteral(node)) {
    const end = node.text.lastIndexOf('/')
    return { source: node.text.slice(1, end), flags: node.text.slice(end + 1) }
  }
  if (isCallOf(node)) {
    const [source, flags] = node.arguments ?? []
    return { source: textOf(source), flags: textOf(flags) ?? '' }
  }
  // Of a schema (JSON Schema 2020-12, 6.3.3), whose patterns TypeBox compiles with this flag.
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'pattern')
    return { source: textOf(node.initializer), flags: 'u' }
  return undefined
}

/** A .vue file's scripts, on the lines where they are; any other file as it is. */
function scriptsOf(file: string, text: string): string {
  if (!file.endsWith('.vue')) return text
  let scripts = ''
  for (const { 1: script = '', index } of text.matchAll(/^<script[^>]*>\n([^]*?)^<\/script>/gm)) {
    const begins = text.slice(0, index).split('\n').length
    scripts += '\n'.repeat(begins - scripts.split('\n').length + 1) + script
  }
  return scripts
}

/** All of them, and the places of those that cannot be read. */
export function patternsOf(file: string, text: string): { found: Pattern[]; unread: string[] } {
  const found: Pattern[] = []
  const unread: string[] = []
  const parsed = ts.createSourceFile(
    `${file}.ts`,
    scriptsOf(file, text),
    ts.ScriptTarget.Latest,
    true,
  )
  const visit = (node: ts.Node): void => {
    const pattern = patternAt(node)
    if (pattern) {
      const { line } = parsed.getLineAndCharacterOfPosition(node.getStart())
      const place = `${file}:${line + 1}`
      const { source, flags } = pattern
      if (source === undefined) unread.push(`${place} ${node.getText()}`)
      else found.push({ place, source, flags })
    }
    ts.forEachChild(node, visit)
  }
  visit(parsed)
  return { found, unread }
}
