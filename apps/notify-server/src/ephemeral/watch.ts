import type { Metrics } from '@parley/core/metrics/metrics'

const reasons = ['slow_reader', 'too_many', 'late'] as const

export interface EphemeralWatch {
  dropped(why: (typeof reasons)[number]): void
}

export interface EphemeralState {
  connected(): boolean
  /** People whose presence is still to be told. */
  untold(): number
}

export function watchEphemeral(metrics: Metrics, state: EphemeralState): EphemeralWatch {
  metrics.gauge(
    'parley_ephemeral_connected',
    'Whether the server hears of typing and presence on other servers: 1 or 0.',
    () => (state.connected() ? 1 : 0),
  )
  metrics.gauge(
    'parley_presence_untold',
    'People whose presence has changed and is still to be told.',
    state.untold,
  )
  return {
    dropped: metrics.counters(
      'parley_ephemeral_dropped_total',
      'Typing and presence that streams were not given.',
      'reason',
      reasons,
    ),
  }
}
