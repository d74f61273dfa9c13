import { createHash } from 'node:crypto'

/** The hashes by which a page may run the scripts that stand in it, and no others (CSP 3, 6.7). */
export const inlineScripts = (page: string): string[] =>
  [...page.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
