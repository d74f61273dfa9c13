import { readFileSync } from 'node:fs'
import { parseJson } from '@parley/core/json'
import { Type } from 'typebox'

/** The version of this Parley, from the package. */
export const version: string =
  parseJson(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    Type.Object({ version: Type.String() }),
  )?.version ?? 'unknown'
