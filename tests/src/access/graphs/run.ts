import fc from 'fast-check'
import { accountsOn } from '../../stack/accounts.ts'
import type { Stack } from '../../stack/over.ts'
import { anyGraph } from './graph.ts'
import { play } from './play.ts'

/** What many graphs showed. */
export interface Report {
  graphs: number
  compared: number
  /** Of the smallest graph that failed: the graph and what was wrong with it. */
  failure: string | undefined
}

/** Plays graphs until one fails, which is then made as small as it gets. */
export async function runGraphs(
  stack: Stack,
  { graphs, seed, played }: { graphs: number; seed: number; played?: () => void },
): Promise<Report> {
  const accounts = await accountsOn(stack)
  let compared = 0
  const property = fc.asyncProperty(anyGraph, async (graph) => {
    const findings = await play(stack, accounts, graph)
    compared += findings.compared
    played?.()
    const lines = [
      ...findings.leaks.map((line) => `leak: ${line}`),
      ...findings.missing.map((line) => `missing: ${line}`),
    ]
    if (lines.length > 0) throw new Error(lines.join('\n'))
  })
  const details = await fc.check(property, { numRuns: graphs, seed })
  const { errorInstance, counterexample, counterexamplePath } = details
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return {
    graphs: details.numRuns,
    compared,
    failure: details.failed
      ? `${message}\nin ${JSON.stringify(counterexample)}\n(seed ${seed}, path ${counterexamplePath})`
      : undefined,
  }
}
