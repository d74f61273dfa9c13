import { type State, meetUsers, missingUsers, recount } from '@parley/sdk'
import { client } from '../app/client.ts'

type Mend = (state: State) => State

/** What has to be asked for because the events could not tell it; each answer mends the state. */
export function repaired(state: State): (() => Promise<Mend>)[] {
  const missing = missingUsers(state).slice(0, 100)
  const chats = [...state.doubtful].map((id) => async (): Promise<Mend> => {
    const chat = await client.getChat({ params: { id } })
    return (now) => recount(now, chat)
  })
  const people = async (): Promise<Mend> => {
    const { users } = await client.listUsers({ query: { ids: missing } })
    return (now) => meetUsers(now, users)
  }
  return missing.length > 0 ? [...chats, people] : chats
}
