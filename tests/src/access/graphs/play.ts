import { Bootstrap } from '@parley/contract'
import { parseJson } from '@parley/core/json'
import type { Accounts } from '../../stack/accounts.ts'
import type { Stack } from '../../stack/over.ts'
import { say } from '../../stack/say.ts'
import type { Reader } from '../stream.ts'
import type { Graph } from './graph.ts'
import { type Clocks, clocksOf, heard, listen } from './hearing.ts'
import type { Look } from './look.ts'
import { looks } from './looks.ts'
import { type Stage, ask, idOf, look, openStage } from './stage.ts'
import { take } from './steps.ts'

/** What one graph showed: how much was compared, and each line that should not be there, or is not. */
export interface Findings {
  /** Facts by the way in which they were read. */
  compared: Map<string, number>
  leaks: string[]
  missing: string[]
}

/** Plays a graph on real servers with streams open, and compares everything with the reference. */
export async function play(stack: Stack, accounts: Accounts, graph: Graph): Promise<Findings> {
  const stage = await openStage(stack, accounts, graph)
  const everybody = stage.people.map((_, who) => who)
  let readers: Reader[] = []
  let cursor = ''
  let opened: Clocks = new Map()
  let cut: Clocks = new Map()
  const before = async (at: number): Promise<void> => {
    if (at === Math.min(graph.open, graph.steps.length)) {
      opened = clocksOf(stage)
      readers = await Promise.all(everybody.map((who) => listen(stage, who)))
    }
    if (at === Math.min(graph.cut, graph.steps.length)) {
      cut = clocksOf(stage)
      cursor = await cursorOf(stage)
    }
  }
  try {
    for (const [at, step] of graph.steps.entries()) {
      await before(at)
      await take(stage, step)
    }
    await before(graph.steps.length)
    await bid(stage)
    const found = await looks(stage, graph.lens)
    const back = everybody.filter((who) => (graph.lens + who) % 2 === 0)
    const resumed = await Promise.all(back.map((who) => listen(stage, who, cursor)))
    const live = [...readers]
    readers.push(...resumed)
    const end = `chat:${stage.square.id}`
    await Promise.all(readers.map((reader) => reader.came(end, stage.square.clock)))
    for (const [who, reader] of live.entries())
      found.push({ who, look: heard(stage, who, reader, opened, true) })
    for (const [at, reader] of resumed.entries()) {
      const who = back[at] ?? 0
      found.push({ who, look: heard(stage, who, reader, cut, false) })
    }
    return judge(found)
  } finally {
    for (const reader of readers) reader.close()
  }
}

/** A cursor says where the log was, whoever has it. */
async function cursorOf(stage: Stage): Promise<string> {
  const answer = await ask(stage, 0, { method: 'GET', path: '/api/bootstrap' })
  return parseJson(answer.body, Bootstrap)?.cursor ?? ''
}

/** The last that happens: whoever has heard it has heard all. */
async function bid(stage: Stage): Promise<void> {
  const { square } = stage
  const text = `t${++stage.texts}`
  const sent = await say(stage.stack.sql, {
    chat: square.id,
    sender: idOf(stage, 0),
    content: text,
  })
  await look(stage)
  const version = { seq: square.clock, text, sinceJoin: false }
  const common = { chat: square, sender: 0, mentioned: undefined, erased: false }
  stage.messages.push({ id: sent.id, versions: [version], ...common })
}

function judge(found: readonly { who: number; look: Look }[]): Findings {
  const findings: Findings = { compared: new Map(), leaks: [], missing: [] }
  for (const { who, look } of found) {
    const { way, of = '', real, expected, allowed = [] } = look
    findings.compared.set(way, (findings.compared.get(way) ?? 0) + expected.length)
    const told = (lines: string[], others: string[]) =>
      lines.filter((line) => !others.includes(line)).map((line) => `p${who}, ${way} ${of}: ${line}`)
    findings.leaks.push(...told(real, [...expected, ...allowed]))
    findings.missing.push(...told(expected, real))
    if (new Set(real).size < real.length)
      findings.leaks.push(`p${who}, ${way} ${of}: something twice`)
  }
  return findings
}
