import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import cpp from 'highlight.js/lib/languages/cpp'
import csharp from 'highlight.js/lib/languages/csharp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import go from 'highlight.js/lib/languages/go'
import ini from 'highlight.js/lib/languages/ini'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import kotlin from 'highlight.js/lib/languages/kotlin'
import php from 'highlight.js/lib/languages/php'
import python from 'highlight.js/lib/languages/python'
import ruby from 'highlight.js/lib/languages/ruby'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import swift from 'highlight.js/lib/languages/swift'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import { createLowlight } from 'lowlight'
import type { CodeKind, CodePiece } from './code.ts'

const lowlight = createLowlight({
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  php,
  python,
  ruby,
  rust,
  sql,
  swift,
  typescript,
  xml,
  yaml,
})

const kinds: Readonly<Record<string, CodeKind>> = {
  keyword: 'keyword',
  literal: 'keyword',
  operator: 'keyword',
  'selector-tag': 'keyword',
  name: 'keyword',
  string: 'string',
  regexp: 'string',
  symbol: 'string',
  number: 'number',
  title: 'function',
  section: 'function',
  attr: 'function',
  attribute: 'function',
  property: 'function',
  type: 'type',
  built_in: 'type',
  class: 'type',
  'selector-class': 'type',
  'selector-id': 'type',
  comment: 'comment',
  quote: 'comment',
  meta: 'comment',
  deletion: 'removed',
  addition: 'added',
}

/** Longer texts stay as they are: a colour is not worth the wait. */
const mostCharacters = 20_000

type Tree = ReturnType<typeof lowlight.highlight>['children'][number]

function kindOf(names: unknown): CodeKind | undefined {
  const [first] = Array.isArray(names) ? names.map(String) : []
  return first === undefined ? undefined : kinds[first.replace(/^hljs-/, '').replace(/_$/, '')]
}

function pieces(tree: readonly Tree[], kind?: CodeKind): CodePiece[] {
  return tree.flatMap((node) => {
    if (node.type === 'text') return [{ text: node.value, kind }]
    if (node.type !== 'element') return []
    return pieces(node.children, kindOf(node.properties['className']) ?? kind)
  })
}

/** The code in pieces of one colour each; undefined for languages that are not known. */
export function highlight(code: string, language: string): readonly CodePiece[] | undefined {
  if (code.length > mostCharacters || !lowlight.registered(language)) return undefined
  return pieces(lowlight.highlight(language, code).children)
}
