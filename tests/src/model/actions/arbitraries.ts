import fc from 'fast-check'

/** Which of the people, workspaces, chats or messages: the world takes it modulo how many it has. */
export const who = fc.nat({ max: 3 })
/** Who acts: mostly one of those who begin in the workspace. */
export const actor = fc.oneof(
  { weight: 8, arbitrary: fc.nat({ max: 2 }) },
  { weight: 1, arbitrary: fc.constant(3) },
)
export const which = fc.nat({ max: 11 })
export const several = fc.uniqueArray(who, { maxLength: 3 })
export const role = fc.constantFrom('owner', 'admin', 'member')
export const history = fc.constantFrom('all', 'since_join')
export const channelType = fc.constantFrom('private_channel', 'public_channel')
/** Few, so that some are taken. */
export const channelName = fc.constantFrom('General', 'one', 'Two', 'two')
export const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 1 })
