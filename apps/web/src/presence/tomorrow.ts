/** When the next day begins for the person, in milliseconds since 1970. */
export function tomorrow(now: Date): number {
  const next = new Date(now)
  next.setDate(next.getDate() + 1)
  // Not at midnight: who asks for quiet wants to sleep.
  next.setHours(8, 0, 0, 0)
  return next.getTime()
}
