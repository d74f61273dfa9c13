import fc from 'fast-check'
import { accountsOn } from '../../stack/accounts.ts'
import type { Stack } from '../../stack/over.ts'
import { type Graph, anyGraph } from './graph.ts'
import { play } from './play.ts'

/** What many graphs showed. */
export interface Report {
  graphs: number
  /** Facts by the way in which they were read. */
  compared: Map<string, number>
  /** Of the smallest graph that failed: the graph and what was wrong with it. */
  failure: string | undefined
}

interface Wish {
  graphs: number
  seed: number
  /** How many are played at the same time: most of their time they wait. */
  lanes?: number
  /** Graphs to begin with. */
  examples?: Graph[]
  /** Whether what fails is made as small as it gets, which takes its time. */
  shrink?: boolean
  played?: () => void
}

/** Plays graphs until one fails. Each lane has a seed of its own. */
export async function runGraphs(stack: Stack, wish: Wish): Promise<Report> {
  const { graphs, seed, lanes = 4, shrink = true, examples = [], played } = wish
  const accounts = await accountsOn(stack)
  const compared = new Map<string, number>()
  let count = 0
  const over = new Set<number>()
  const propertyOf = (lane: number) =>
    fc.asyncProperty(anyGraph, async (graph) => {
      // What one lane has found is enough; it goes on alone to make it small.
      if (over.size > 0 && !over.has(lane)) return
      const findings = await play(stack, accounts, graph)
      for (const [way, facts] of findings.compared) {
        compared.set(way, (compared.get(way) ?? 0) + facts)
      }
      count++
      played?.()
      const lines = [
        ...findings.leaks.map((line) => `leak: ${line}`),
        ...findings.missing.map((line) => `missing: ${line}`),
      ]
      if (lines.length === 0) return
      over.add(lane)
      throw new Error(lines.join('\n'))
    })
  const all = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      fc.check(propertyOf(lane), {
        numRuns: Math.ceil(graphs / lanes),
        seed: seed + lane,
        endOnFailure: !shrink,
        examples: examples.map((graph) => [graph]),
      }),
    ),
  )
  return {
    graphs: count,
    compared,
    failure: all.map(failureOf).find((failure) => failure !== undefined),
  }
}

function failureOf(details: fc.RunDetails<[Graph]>): string | undefined {
  if (!details.failed) return undefined
  const { errorInstance, counterexample, seed, counterexamplePath } = details
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return `${message}\nin ${JSON.stringify(counterexample)}\n(seed ${seed}, path ${counterexamplePath})`
}

/** One line of what was done. */
export function summary({ graphs, compared }: Report, seed: number): string {
  const facts = [...compared.values()].reduce((sum, one) => sum + one, 0)
  const ways = [...compared].map(([way, count]) => `${way} ${count}`).join(', ')
  return `Access graphs: ${graphs} with seed ${seed}, ${facts} facts compared: ${ways}.\n`
}
