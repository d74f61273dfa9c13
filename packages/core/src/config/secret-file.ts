import { readFileSync } from 'node:fs'
import { StartError, errorCode } from '../start-error.ts'

/** A secret that a container was given as a file. Throws a StartError; `what` completes "must hold …". */
export function readSecretFile(file: string, what: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim()
    if (/^\S{1,256}$/.test(text)) return text
  } catch (error) {
    const reason = errorCode(error)
    throw new StartError(`The file ${file} cannot be read (${reason}).`, { cause: error })
  }
  throw new StartError(`The file ${file} must hold ${what} and no more.`)
}
