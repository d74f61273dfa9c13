/** Checks every import of the tree against the arrows in import-rules.ts. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { files, root } from '../files.ts'
import { type Import, violations } from './import-rules.ts'

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
  ts.sys,
  root,
)

/** A .vue file's script; any other file as it is. */
const code = (file: string, text: string): string =>
  file.endsWith('.vue') ? (/<script[^>]*>(.*?)<\/script>/s.exec(text)?.[1] ?? '') : text

/** A specifier as a path from the root, or as it is where it leaves the repository. */
function target(file: string, specifier: string): string {
  const found = ts.resolveModuleName(specifier, join(root, file), options, ts.sys).resolvedModule
  const path = found && relative(root, found.resolvedFileName)
  return path === undefined || path.includes('node_modules') ? specifier : path
}

const imports: Import[] = files('*.ts', '*.vue').flatMap((file) =>
  ts
    .preProcessFile(code(file, readFileSync(join(root, file), 'utf8')))
    .importedFiles.map(({ fileName }) => ({ from: file, to: target(file, fileName) })),
)

const broken = violations(imports)
for (const line of broken) console.log(line)
console.log(`${imports.length} imports`)
process.exitCode = broken.length === 0 && imports.length > 0 ? 0 : 1
