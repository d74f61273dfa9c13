import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { errorCode } from '../start-error.ts'

/** The keys and values of a YAML file as text, and what is wrong with it. */
export interface FileSettings {
  values: Map<string, string>
  problems: string[]
}

export function readSettingsFile(file: string): FileSettings {
  const values = new Map<string, string>()
  const failed = (reason: string): FileSettings => ({
    values,
    problems: [`The settings file ${file} ${reason}.`],
  })
  let content: unknown
  try {
    content = parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return failed('does not exist')
    // A parser's message quotes lines of the file, and those can hold secrets.
    return failed(/^E[A-Z]+$/.test(code) ? `cannot be read (${code})` : 'is not valid YAML')
  }
  if (content === null || content === undefined) return { values, problems: [] }
  if (typeof content !== 'object' || Array.isArray(content))
    return failed('must consist of lines like chat_port: 6688')
  const problems: string[] = []
  for (const [name, value] of Object.entries(content)) {
    const text = asText(value)
    if (text === undefined) problems.push(`${name} in ${file} must be a single value.`)
    else values.set(name, text)
  }
  return { values, problems }
}

function asText(value: unknown): string | undefined {
  if (value === null) return ''
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(',')
  return undefined
}
