/** A door that can be shut: `pass` waits until it is open. */
export function createDoor() {
  let closed: PromiseWithResolvers<void> | undefined
  return {
    shut: () => void (closed ??= Promise.withResolvers()),
    open() {
      closed?.resolve()
      closed = undefined
    },
    pass: () => closed?.promise,
  }
}
