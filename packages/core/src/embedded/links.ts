import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { parseJson } from '../json.ts'
import { StartError, errorCode } from '../start-error.ts'

const Links = Type.Array(Type.Object({ source: Type.String(), target: Type.String() }))

/** The library links that npm packages cannot hold; paths in the list start with `native/`. */
export function listLinks(native: string): Static<typeof Links> {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const links = parseJson(readFileSync(list, 'utf8'), Links) ?? []
  return links.map(({ source, target }) => ({
    source: source.replace(/^native\//, ''),
    target: target.replace(/^native\//, ''),
  }))
}

/**
 * Makes the links that the package's install script makes where such scripts may run. Both ends
 * lie in the same folder, so a link holds only the file's name and survives a move.
 */
export function makeLinks(native: string, into = native): void {
  for (const { source, target } of listLinks(native)) {
    const path = join(into, target)
    if (existsSync(path)) continue
    try {
      if (dirname(source) !== dirname(target)) throw new Error(`${target} leaves its folder`)
      symlinkSync(basename(source), path)
    } catch (error) {
      // Another start made it in the same moment.
      if (errorCode(error) === 'EEXIST') continue
      throw new StartError(
        `PostgreSQL's library links are missing and cannot be made in ${native}; run npm rebuild as the owner of that folder.`,
        { cause: error },
      )
    }
  }
}
