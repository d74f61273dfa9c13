import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type FilePatch, parsePatch } from './patch.ts'

/** A mistake that somebody could make, and how the suite finds it. */
export interface Bug {
  /** `01-no-nonces` */
  name: string
  /** What the mistake is, and what it breaks. */
  says: string
  /** Those of them that find it, one at least: `C3`. */
  checks: string[]
  /** Arguments of the fault run that shows it. */
  run: string[]
  patch: FilePatch[]
}

const folder = import.meta.dirname

/** Every bug there is, in the order of their numbers. Throws where a file does not say what it must. */
export const readBugs = (): Bug[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.patch'))
    .toSorted()
    .map((file) =>
      parseBug(file.slice(0, -'.patch'.length), readFileSync(join(folder, file), 'utf8')),
    )

/** A patch says above its first file what it is about, by which checks it is found, and in which run. */
function parseBug(name: string, text: string): Bug {
  const head = text.slice(0, text.search(/^--- /m))
  const field = (key: string): string => {
    const value = new RegExp(`^${key}: (.+)$`, 'm').exec(head)?.[1]
    if (value === undefined) throw new Error(`${name}.patch has no line "${key}: …".`)
    return value
  }
  return {
    name,
    says: head
      .slice(0, head.search(/^\w[\w-]*: /m))
      .trim()
      .replaceAll('\n', ' '),
    checks: field('Found-by').split(/,\s*/),
    run: field('Run').split(/\s+/),
    patch: parsePatch(text),
  }
}
