import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as contract from '@parley/contract'
import { Linter } from 'eslint'
import regexp from 'eslint-plugin-regexp'
import { describe, expect, test } from 'vitest'
import { files, root } from './files.ts'
import { type Pattern, patternsOf } from './patterns.ts'

const linter = new Linter()
const config: Linter.Config = {
  languageOptions: { ecmaVersion: 'latest' },
  plugins: { regexp },
  rules: {
    'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
    // Of what cannot fail once it is begun, there is nothing to begin anew.
    'regexp/no-super-linear-move': ['error', { report: 'certain' }],
    'regexp/no-dupe-disjunctions': [
      'error',
      { report: 'trivial', reportExponentialBacktracking: 'potential' },
    ],
  },
}

/** Those that take more time than linear in the length of a text, and why. */
function slow(patterns: Pattern[]): string[] {
  const lines = patterns.map(({ source, flags }) => String(new RegExp(source, flags)))
  return linter
    .verify(lines.map((line) => `;${line}`).join('\n'), config)
    .map(({ line, message }) => `${patterns[line - 1]?.place} ${lines[line - 1]} ${message}`)
}

const code = files('apps/*.ts', 'apps/*.vue', 'packages/*.ts', 'packages/*.vue')
  // Tests read what they have written themselves.
  .filter((file) => !file.endsWith('.test.ts'))
const read = code.map((file) => patternsOf(file, readFileSync(join(root, file), 'utf8')))

/** The values of every `pattern` of a schema, however it came to be. */
function schemaPatterns(value: unknown, seen = new Set<unknown>()): Pattern[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  return Object.entries(value).flatMap(([name, inner]): Pattern[] =>
    name === 'pattern' && typeof inner === 'string'
      ? [{ place: 'a schema', source: inner, flags: 'u' }]
      : schemaPatterns(inner, seen),
  )
}

describe('IN-12: no pattern takes more than linear time', () => {
  test('IN-12: of those in the code', () => {
    const found = read.flatMap((file) => file.found)
    expect(found.length).toBeGreaterThan(200)
    expect(slow(found)).toEqual([])
  })

  test('IN-12: of those that the schemas of the contract have', () => {
    const found = schemaPatterns(contract)
    expect(found.length).toBeGreaterThan(10)
    expect(slow(found)).toEqual([])
  })

  test('IN-12: and there is none that cannot be read before it runs', () => {
    expect(read.flatMap(({ unread }) => unread)).toEqual([])
  })
})

test.each([
  String.raw`/^(a+)+$/`,
  String.raw`/^(?:a|a)*$/`,
  String.raw`/^(?:ab?|ac?)*$/`,
  String.raw`/^\w*\d*x$/`,
  String.raw`/\s+$/`,
  String.raw`new RegExp('(\\w+\\s?)+$', 'u')`,
  String.raw`RegExp(String.raw${'`'}\d+$${'`'})`,
  'new RegExp(`^(?:${word}+)+$`)',
  String.raw`Type.String({ pattern: '^([a-z]+)*$' })`,
])('%s is known to take long', (text) => {
  const { found, unread } = patternsOf('x.ts', `x = ${text}`)
  expect(unread).toEqual([])
  expect(slow(found)).not.toEqual([])
})

test.each([
  String.raw`/^(?:a+b)+$/`,
  String.raw`/(?<!\s)\s+$/`,
  String.raw`/^[\p{L}\p{N}_]{1,64}$/u`,
  String.raw`new RegExp(String.raw${'`'}^(?:\p{RGI_Emoji}\s*){1,3}$${'`'}, 'v')`,
])('%s is known not to', (text) => {
  const { found } = patternsOf('x.ts', `x = ${text}`)
  expect(found).toHaveLength(1)
  expect(slow(found)).toEqual([])
})

test('what looks like a pattern and is none is not read, and what is made up later is told', () => {
  const text = ['// /a+$/', "const path = '/b+$/'", 'const half = 4 / 2 / 1', 'new RegExp(path)']
  expect(patternsOf('x.ts', text.join('\n'))).toEqual({
    found: [],
    unread: ['x.ts:4 new RegExp(path)'],
  })
})

test('of a component both scripts are read, by their lines', () => {
  const text = ['<script lang="ts">', 'const a = /a/', '</script>', '<script setup lang="ts">']
  const more = ['const b = /b/u', '</script>', '', '<template>', '  <p>c /c/ d</p>', '</template>']
  expect(patternsOf('X.vue', [...text, ...more].join('\n')).found).toEqual([
    { place: 'X.vue:2', source: 'a', flags: '' },
    { place: 'X.vue:5', source: 'b', flags: 'u' },
  ])
})
