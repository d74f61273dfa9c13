import { type Linter, ESLint, type Rule } from 'eslint'
import safeql from '@ts-safeql/eslint-plugin/config'
import { parser } from 'typescript-eslint'
import { root } from '../files.ts'

/** A statement as the server gets it, and where it stands. */
export interface Found {
  text: string
  place: string
}

/** What a column arrives as: see packages/core/src/db/types.ts. */
const types = {
  int8: 'number',
  _int8: 'number[]',
  timestamptz: 'string',
  xid8: 'string',
  pg_snapshot: 'string',
  json: 'unknown',
  jsonb: 'unknown',
  // What randomUUID() returns.
  uuid: { parameter: { regex: '`.*-.*`' }, return: 'string' },
  bytea: { parameter: { regex: '(Buffer|Uint8Array)(<.*>)?' }, return: 'Buffer' },
}

/** ESLint with SafeQL against the database at `url`; adds each statement it sees to `found`. */
export function linter(
  url: string,
  {
    columns,
    found,
    fix = false,
  }: { columns: Record<string, string>; found: Found[]; fix?: boolean },
): ESLint {
  const connection = safeql.configs.connections({
    databaseUrl: url,
    targets: [
      {
        tag: 'sql',
        // TypeScript folds `unknown | null` into `unknown`; so does a row.
        transform: [
          ['null \\| unknown(?!\\[)', 'unknown'],
          ['unknown \\| null', 'unknown'],
        ],
      },
    ],
    inferLiterals: false,
    overrides: { types, columns },
  })
  const config: Linter.Config[] = [
    {
      files: ['**/*.ts'],
      languageOptions: {
        parser,
        parserOptions: { projectService: true, tsconfigRootDir: root },
      },
      linterOptions: { reportUnusedDisableDirectives: 'off' },
    },
    // @ts-expect-error its types follow typescript-eslint's notion of a config, not ESLint's
    connection,
    {
      plugins: { parley: { rules: { statement: statementRule(found) } } },
      rules: { 'parley/statement': 'error' },
    },
  ]
  return new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: config, fix })
}

/** Closes the ways round the check and collects what the server will be sent. */
function statementRule(found: Found[]): Rule.RuleModule {
  const renamed = 'Keep the name `sql`: statements are found by it.'
  return {
    create: (context) => ({
      ImportSpecifier(node) {
        const imported = node.imported.type === 'Identifier' ? node.imported.name : ''
        if (imported === 'sql' && node.local.name !== 'sql')
          context.report({ node, message: renamed })
      },
      TaggedTemplateExpression({ tag, quasi, loc }) {
        if (tag.type === 'MemberExpression' && context.sourceCode.getText(tag.property) === 'sql') {
          context.report({ node: tag, message: renamed })
        }
        if (tag.type !== 'Identifier' || tag.name !== 'sql') return
        if (quasi.quasis.some(({ value }) => value.cooked !== value.raw)) {
          context.report({ node: quasi, message: 'A statement holds no backslashes.' })
        }
        const text = quasi.quasis
          .map(({ value }) => value.raw)
          .reduce((sum, part, at) => `${sum}$${at}${part}`)
        found.push({ text, place: `${context.filename}:${loc?.start.line ?? 0}` })
      },
    }),
  }
}
