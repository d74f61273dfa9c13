import type { Sample } from '../history/entry.ts'
import { bounds } from './bounds.ts'

const { stream, crowdChanged } = bounds.resources

/**
 * A process's samples without the share of a crowd that came after the first one: of the descriptors
 * and of what is in use that of those it has now, of the memory that of the most it had, because what
 * an allocator took it gives back late or never.
 */
export function withoutCrowd(samples: readonly Sample[]): Sample[] {
  const atFirst = samples[0]?.crowd ?? 0
  let most = atFirst
  return samples.map((sample) => {
    const { rss, held, descriptors, crowd = 0 } = sample
    most = Math.max(most, crowd)
    return {
      ...sample,
      rss: rss - (most - atFirst) * stream,
      ...(held === undefined ? {} : { held: held - (crowd - atFirst) * stream }),
      descriptors: descriptors - (crowd - atFirst),
    }
  })
}

/** The last samples with about the same crowd: one that comes and goes leaves much to be collected. */
export function sinceCrowdChanged(samples: readonly Sample[]): Sample[] {
  const now = samples.at(-1)?.crowd ?? 0
  const isOther = ({ crowd = 0 }: Sample) => Math.abs(crowd - now) > crowdChanged
  return samples.slice(samples.findLastIndex(isOther) + 1)
}
