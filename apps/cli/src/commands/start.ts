import { loadConfig } from '@parley/core/config/load'
import type { Command } from '../command.ts'
import { runStack } from '../run-stack.ts'

export const start: Command = {
  name: 'start',
  summary: 'Start Parley: the database, the chat server and the notify server.',
  run: () => runStack(loadConfig(process.env)),
}
