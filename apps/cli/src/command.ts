import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** An option of a command, with the line that `--help` shows. */
export interface Option {
  type: 'string' | 'boolean'
  help: string
}

export type Values = Readonly<Record<string, string | boolean | undefined>>

export interface Command {
  /** As it is typed: "db migrate". */
  name: string
  /** One line for the list of commands. */
  summary: string
  options?: Readonly<Record<string, Option>>
  run(values: Values): Promise<void> | void
}

/** The command line was wrong. Printed with the way to the help, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Values of the options, or "help" when that was asked for. */
export function readOptions(command: Command, args: string[]): Values | 'help' {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } }
  for (const [name, { type }] of Object.entries(command.options ?? {})) options[name] = { type }
  try {
    const { values } = parseArgs({ args, options, strict: true, allowPositionals: false })
    const single: Record<string, string | boolean | undefined> = {}
    for (const [name, value] of Object.entries(values))
      if (!Array.isArray(value)) single[name] = value
    return single['help'] === true ? 'help' : single
  } catch (error) {
    // Node's message goes on with advice for programmers after the first sentence.
    const [sentence = ''] = error instanceof Error ? error.message.split('. ') : []
    throw new UsageError(`${sentence.replace(/\.$/, '')}.`)
  }
}

/** The text of a string option; undefined when it was not given. */
export const textOf = (values: Values, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}
