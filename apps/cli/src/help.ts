import type { Command } from './command.ts'

const columns = (rows: [string, string][]): string => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('')
}

export const overview = (commands: readonly Command[]): string =>
  `Usage: parley <command> [options]\n\n${columns(commands.map(({ name, summary }) => [name, summary]))}
parley <command> --help tells more. All settings: parley config.\n`

export function helpOf({ name, summary, options = {} }: Command): string {
  const rows = Object.entries(options).map(([option, { type, help }]): [string, string] => [
    `--${option}${type === 'string' ? ' <text>' : ''}`,
    help,
  ])
  const usage = `Usage: parley ${name}${rows.length > 0 ? ' [options]' : ''}\n\n${summary}\n`
  return rows.length > 0 ? `${usage}\n${columns(rows)}` : usage
}
