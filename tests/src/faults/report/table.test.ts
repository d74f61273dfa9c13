import { expect, test } from 'vitest'
import { check } from '../check/check.ts'
import { cleanHistory } from '../check/fixtures/history.ts'
import { table } from './table.ts'

const clean = cleanHistory({ seed: 4, seconds: 3, clients: 5 })
const again = `Again: npm run faults -- --seed 4 --faults 'kill chat,pause chat,kill notify,cut notify' --seconds 3 --clients 5\n`

test('a run that passed is a table of its checks and ends with what replays it', () => {
  const shown = table(check(clean), {})
  expect(shown).toMatch(/^ok +C1 +lost +\d+ +0 {2}Every acknowledged message/m)
  expect(shown.match(/^ok /gm)).toHaveLength(18)
  expect(shown).toMatch(/^ +latency outside faults +p50 .* ms/m)
  expect(shown).toMatch(/^ +cut notify cut +119996 events to 10000 streams; 10000 came back/m)
  expect(shown).toMatch(/^ +removals in flight +\d+$/m)
  expect(shown.endsWith(`\npassed\n${again}`)).toBe(true)
})

test('a violation is told with the entries that explain it', () => {
  const history = structuredClone(clean)
  const at = history.entries.findIndex((entry) => entry.type === 'delivered')
  const [missed] = history.entries.splice(at, 1)
  const shown = table(check(history), {})
  expect(missed?.type === 'delivered' && shown.includes(`never given ${missed.topic} seq`)).toBe(
    true,
  )
  expect(shown).toMatch(/^FAILED +C7 /m)
  expect(shown).toMatch(/^ +\d+\.\d{3} s {2}began +reader-\d+ \(start\) at user:/m)
  expect(shown.endsWith(`\nFAILED: C7\n${again}`)).toBe(true)
})

test('only the first violations of a check are told, and all are counted', () => {
  const history = structuredClone(clean)
  history.final.stuck = Array.from({ length: 20 }, (_, n) => `Lock ${n} is still held.`)
  const shown = table(check(history), {})
  expect(shown).toContain('C16 stuck: 20 wrong')
  expect(shown).toContain('8. Lock 7 is still held.')
  expect(shown).not.toContain('Lock 8 is still held.')
  expect(shown).toContain('… and 12 more')
})

test('a run that met too little says of what', () => {
  const shown = table(check(clean), { every: { okSends: 1e6 } })
  expect(shown).toContain('a run has at least 1000000 okSends')
  expect(shown.endsWith(`\ninconclusive\n${again}`)).toBe(true)
})
