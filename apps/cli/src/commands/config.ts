import { listSettings } from '@parley/core/config/list'
import { loadConfig } from '@parley/core/config/load'
import type { Command } from '../command.ts'

export const config: Command = {
  name: 'config',
  summary: 'Show every setting, what it may be and what is in force.',
  run() {
    const lines = listSettings(loadConfig(process.env))
    for (const { variable, key, value, description, expected, standard } of lines)
      process.stdout.write(
        `${variable} (${key}) = ${value || `not set: ${standard}`}\n    ${description} It is ${expected}.\n`,
      )
  },
}
