import { StartError } from '@parley/core/start-error'
import { type Command, UsageError, readOptions } from './command.ts'
import { commands } from './commands.ts'
import { helpOf, overview } from './help.ts'

/** The command whose name the arguments begin with, and the arguments behind it. */
function find(args: string[]): { command: Command; rest: string[] } | undefined {
  for (const command of commands) {
    const words = command.name.split(' ')
    if (words.every((word, at) => args[at] === word))
      return { command, rest: args.slice(words.length) }
  }
  return undefined
}

async function run(args: string[]): Promise<number> {
  if (args[0] === '--help' || args[0] === '-h' || args[0] === 'help') {
    process.stdout.write(overview(commands))
    return 0
  }
  const found = find(args)
  if (found === undefined) {
    const wrong = args.length > 0 ? `There is no command "${args.join(' ')}".\n\n` : ''
    process.stderr.write(wrong + overview(commands))
    return 2
  }
  return runCommand(found.command, found.rest)
}

async function runCommand(command: Command, args: string[]): Promise<number> {
  try {
    const values = readOptions(command, args)
    if (values === 'help') process.stdout.write(helpOf(command))
    else await command.run(values)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${helpOf(command)}`)
      return 2
    }
    // A bug shows where it is, an expected failure what to do.
    const text =
      error instanceof StartError
        ? error.message
        : error instanceof Error
          ? error.stack
          : String(error)
    process.stderr.write(`${text}\n`)
    return 1
  }
}

process.exitCode = await run(process.argv.slice(2))
