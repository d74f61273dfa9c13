import { deepStrictEqual } from 'node:assert/strict'
import type { ErrorCode } from '@parley/contract'
import { type Client, ParleyError, type Reply } from '@parley/sdk'
import type { Person, World } from '../world/world.ts'

/** Through whom somebody acts: one of the chat-servers. */
export interface Caller {
  client: Client
  url: string
}

/** What the world says that must come of a call: why it is refused, or what the answer shows. */
export type Expected<T> =
  | ErrorCode
  | { status: 200 | 201 | 204; shows?: (answer: T, client: Client) => void | Promise<void> }

/** A call that somebody is about to make. */
export interface Attempt {
  text: string
  /** Makes it; gives the status, or the code of the refusal. */
  make(caller: Caller): Promise<string>
  /** Changes the world as the call must change the servers, makes it, and compares. */
  prove(caller: Caller): Promise<string>
}

/** Something that may be tried at any time, allowed or not; undefined where there is nothing to try it on. */
export interface Action {
  plan(world: World, by: Person): Attempt | undefined
}

export function attempt<T>(
  text: string,
  call: (caller: Caller) => Promise<Reply<T>>,
  predict: () => Expected<T>,
): Attempt {
  const make = async (caller: Caller) => {
    try {
      return await call(caller)
    } catch (error) {
      if (error instanceof ParleyError) return error
      throw error
    }
  }
  const outcome = (reply: Reply<T> | ParleyError): string =>
    reply instanceof ParleyError ? `${reply.status} ${reply.code}` : String(reply.status)
  return {
    text,
    make: async (caller) => outcome(await make(caller)),
    async prove(caller) {
      const expected = predict()
      const reply = await make(caller)
      const wanted = typeof expected === 'string' ? expected : expected.status
      const got = reply instanceof ParleyError ? reply.code : reply.status
      deepStrictEqual(got, wanted, `answers ${outcome(reply)}, must be ${wanted}`)
      if (typeof expected !== 'string' && !(reply instanceof ParleyError)) {
        await expected.shows?.(reply.body, caller.client)
      }
      return outcome(reply)
    },
  }
}

/** One of a list by a number of any size; undefined where the list is empty. */
export const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % list.length]

export const same = (actual: unknown, expected: unknown): void => deepStrictEqual(actual, expected)
