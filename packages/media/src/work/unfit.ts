import type { Failure } from '../facts.ts'

/** Thrown for a file that nothing is made of, whatever it holds otherwise. */
export class Unfit extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure)
    this.failure = failure
  }
}
