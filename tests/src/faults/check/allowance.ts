import { bounds } from './bounds.ts'
import type { Faults } from './index-faults.ts'

export const slowest = ['partition', 'bell', 'nothing'] as const

/** Until when an ended session may still be served, by the faults that touch the time. */
export function allowance({ windows }: Faults, ended: number) {
  const slows =
    slowest.find((one) =>
      windows.some(
        ({ slows, begin, end }) =>
          slows === one &&
          begin <= ended + bounds.revoked[one] &&
          end >= ended - bounds.revokedBefore,
      ),
    ) ?? 'nothing'
  return { slows, limit: ended + bounds.revoked[slows] }
}
