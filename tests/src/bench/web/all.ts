import type { Measurement } from '../stage.ts'
import { drifting } from './drift.ts'
import { heap } from './heap.ts'
import { idle } from './idle.ts'
import { scrolling } from './scroll.ts'
import { sending } from './send.ts'
import { starting } from './start.ts'
import { switching } from './switch.ts'
import { switcher } from './switcher.ts'
import { typing } from './typing.ts'

export const measurements: readonly Measurement[] = [
  switching,
  scrolling,
  drifting,
  typing,
  switcher,
  heap,
  starting,
  sending,
  idle,
]
