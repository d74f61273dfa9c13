import type { Sample } from '../history/entry.ts'
import { bounds } from './bounds.ts'

const { growth } = bounds.resources

/**
 * The bytes by which memory grew along its least-squares line, where that is steady: a good fit, and
 * much both by itself and against the mean. Undefined where it is not.
 */
export function steadyGrowth(samples: readonly Sample[]): number | undefined {
  const n = samples.length
  if (n < growth.samples) return undefined
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / n
  const meanAt = mean(({ at }) => at)
  const meanRss = mean(({ rss }) => rss)
  const varianceAt = mean(({ at }) => (at - meanAt) ** 2)
  const varianceRss = mean(({ rss }) => (rss - meanRss) ** 2)
  if (varianceAt === 0 || varianceRss === 0) return undefined
  const covariance = mean(({ at, rss }) => (at - meanAt) * (rss - meanRss))
  const grown = (covariance / varianceAt) * ((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0))
  const correlation = covariance / Math.sqrt(varianceAt * varianceRss)
  const steady =
    correlation >= growth.correlation && grown >= growth.bytes && grown >= growth.share * meanRss
  return steady ? grown : undefined
}
