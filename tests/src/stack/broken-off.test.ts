import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { identify, lives } from '@parley/core/embedded/identity'
import { parseJson } from '@parley/core/json'
import { until } from '@parley/core/testing/until'
import { Type } from 'typebox'
import { expect, onTestFinished, test } from 'vitest'

const Stack = Type.Object({ pids: Type.Array(Type.Integer()), dataDir: Type.String() })
const program = fileURLToPath(new URL('alone.ts', import.meta.url))

test.for([
  { who: 'the process that started it', sign: 1 },
  { who: 'its whole process group', sign: -1 },
])(
  'of a stack nothing is left soon after $who was killed',
  { timeout: 90_000 },
  async ({ sign }) => {
    const child = spawn(process.execPath, [program], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = child.pid ?? 0
    onTestFinished(() => void child.kill('SIGKILL'))
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    await until(() => said.includes('\n') || child.exitCode !== null, { timeoutMs: 60_000 })
    const stack = parseJson(said, Stack)
    const processes = (stack?.pids ?? []).map(identify)
    // The first one, PostgreSQL with its own, and both servers.
    expect(processes.length).toBeGreaterThan(5)
    expect(processes.every(lives)).toBe(true)
    expect(existsSync(stack?.dataDir ?? '')).toBe(true)

    process.kill(sign * pid, 'SIGKILL')
    await until(() => !processes.some(lives) && !existsSync(stack?.dataDir ?? ''), {
      timeoutMs: 20_000,
      what: 'all of the stack to be gone',
    })
  },
)
