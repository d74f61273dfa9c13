import { loadConfig } from '@parley/core/config/load'
import type { Command } from '../command.ts'
import { runStack } from '../run-stack.ts'
import { devAddress, devPrograms } from '../stack.ts'

export const dev: Command = {
  name: 'dev',
  summary: 'Start Parley with the web client served from its sources, for those who change it.',
  async run() {
    const others = process.env['PARLEY_ALLOWED_ORIGINS']
    process.env['PARLEY_ALLOWED_ORIGINS'] = [others, devAddress].filter(Boolean).join(',')
    await runStack(loadConfig(process.env), devPrograms(), devAddress)
  },
}
