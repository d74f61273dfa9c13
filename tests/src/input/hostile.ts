import type { TSchema } from 'typebox'
import { keyword, numberOf } from './shape.ts'

/** Words that are more than words somewhere: SQL, shells, templates, paths, logs, event streams. */
const meta = [
  `'; drop table users; --`,
  `" or 1=1 --`,
  `\\'; select pg_sleep(9); --`,
  '%',
  '_%',
  '\\',
  '$1',
  '${7*7}{{7*7}}',
  '$(sleep 9)',
  '../../etc/passwd',
  'a\r\nX-Injected: 1',
  'data: x\nid: 1\n\n',
  '\u2028\u2029\u0085',
  '\u001b[31mred',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
]

/** Text that is hard to store, to show or to measure. */
const odd = [
  '\0',
  'a\0b',
  '\u202Eevil',
  '\u200B',
  ' ',
  ' blank ',
  '\uFEFF',
  'e\u0301',
  '👩‍👩‍👧‍👦',
  '\u200D'.repeat(10_000),
]

/** Half characters: JSON can spell them, UTF-8 cannot. */
const halves = ['"\\ud800"', '"a\\udc00b"', '"\\udc00\\ud800"']

const numbers = [
  '0',
  '-0',
  '1',
  '-1',
  '1.5',
  '9007199254740991',
  '9007199254740992',
  '9223372036854775807',
  '9223372036854775808',
  '1e308',
  '1e400',
  '-1e400',
  '5e-324',
  '9'.repeat(1000),
]

/** Nearly numbers: as bare words no JSON at all, as strings no numbers. */
const notNumbers = ['NaN', 'Infinity', '01', '+1', '0x1', '1_000', '٣', '1.0', '1e3', ' 1', '1,2']

const objects = [
  '{}',
  '[]',
  '[[]]',
  '[null]',
  '[{}]',
  '{"$ne":1}',
  '{"$gt":""}',
  '{"length":1}',
  '{"toString":"x"}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toJSON":"x"}',
]

/** Lengths at and beyond what a text may have, also after NFC, which makes some letters longer. */
function lengths(schema: TSchema): string[] {
  const most = numberOf(schema, 'maxLength') ?? 1000
  return [
    '',
    'x'.repeat(most),
    'x'.repeat(most + 1),
    '𝒳'.repeat(most),
    // U+0958 and U+FB2C become two and three characters.
    '\u0958'.repeat(most),
    '\uFB2C'.repeat(most),
    ' '.repeat(64 << 10),
  ]
}

function lists(schema: TSchema): string[] {
  const most = numberOf(schema, 'maxItems') ?? 1000
  return [
    JSON.stringify(Array.from({ length: most + 1 }, (_, at) => at + 1)),
    JSON.stringify(Array.from({ length: 20_000 }, (_, at) => at)),
    '[1,1]',
    '[1,"1"]',
    '[0]',
    '[-1]',
    '[1.5]',
    '[9007199254740992]',
    '["1"]',
    '[true]',
    '[[1]]',
  ]
}

/** Whether a field takes text of its own; for all others one text is as wrong as another. */
const takesText = (schema: TSchema): boolean =>
  [keyword(schema, 'type')].flat().includes('string') && keyword(schema, 'enum') === undefined

const fewTexts = ['', '\0', '__proto__', "' or 1=1 --", 'x'.repeat(64 << 10)]

/** What a field of a body may be filled with, as JSON text. */
export function hostileJson(schema: TSchema): string[] {
  const texts = takesText(schema) ? [...meta, ...odd, ...lengths(schema)] : fewTexts
  const strings = [...texts, ...notNumbers]
  const quoted = strings.map((text) => JSON.stringify(text))
  const isList = [keyword(schema, 'type')].flat().includes('array')
  return [
    'null',
    'true',
    'false',
    ...numbers,
    ...notNumbers,
    ...objects,
    ...halves,
    ...quoted,
    ...(isList ? [...lists(schema), ...quoted.map((text) => `[${text}]`)] : []),
  ]
}

/** What a parameter of a path or a query may be filled with. */
export const hostileText = (schema: TSchema): string[] => [
  ...meta,
  ...odd.filter((text) => text.length < 1000),
  ...numbers,
  ...notNumbers,
  ...objects,
  'null',
  'undefined',
  'true',
  'True',
  '1',
  '101',
  '100',
  '1,1',
  ',',
  '1,',
  '1,x',
  Array.from({ length: 101 }, (_, at) => at + 1).join(','),
  ...lengths(schema).filter((text) => text.length < 2000),
]

/** Fields that no request has and that a careless server would take over (IN-02). */
export const unknownFields = [
  'id',
  'role',
  'is_admin',
  'owner_id',
  'workspace_id',
  'created_at',
  'sender_id',
  'seq',
  'bot',
  'verified',
  'token',
  'access_token',
  'constructor',
  'toString',
  'hasOwnProperty',
]
