/** Looks for secrets, and for traces of the machine a file was made on, in all that git tracks. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { files, root } from '../files.ts'

/** Written in pieces where this file would find itself. */
const forbidden: Record<string, RegExp> = {
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{16}/,
  'a JSON web token': /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/,
  'a token of Parley': /\bprl_[\w-]{20,}/,
  "a cloud provider's key": /\bAKIA[0-9A-Z]{16}\b/,
  'a password in a URL': /\bhttps?:\/\/[^\s/:@'"`$<]+:[^\s/@'"`$<]+@/,
  'a path of one machine': /(?<![\w.~/-])\/(?:work|root|home\/\w+|Users\/\w+)\//,
  // npm keeps the public registry's name out of the lock file with omit-lockfile-registry-resolved.
  'the host of a package registry':
    /\bhttps?:\/\/(?!github\.com|www\.npmjs\.com)[\w.-]*(?:registry|npm|nexus|artifactory|verdaccio)[\w.-]*[:/]/i,
}

/** The line where `pattern` is found, or undefined. */
function lineOf(text: string, pattern: RegExp): number | undefined {
  const at = text.search(pattern)
  return at < 0 ? undefined : text.slice(0, at).split('\n').length
}

const paths = files('.')
for (const path of paths) {
  const text = readFileSync(join(root, path), 'latin1')
  for (const [what, pattern] of Object.entries(forbidden)) {
    const line = lineOf(text, pattern)
    if (line === undefined) continue
    console.log(`${path}:${line} holds ${what}`)
    process.exitCode = 1
  }
}
console.log(`${paths.length} files`)
if (paths.length === 0) process.exitCode = 1
