import { createTestDatabase } from '@parley/core/testing/database'
import { type Stack, startOver } from './over.ts'

export type { Stack } from './over.ts'

/** Servers as values in this process, over a test database of their own. */
export const startStack = async (
  servers: { chat?: number; notify?: number } = {},
  settings: Record<string, string> = {},
): Promise<Stack> => startOver(await createTestDatabase(), servers, settings)
