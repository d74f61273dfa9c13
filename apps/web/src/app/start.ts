import { appWords } from '../words/words.ts'

/** All that is shown once signed in. */
const load = () => Promise.all([import('./full.ts'), appWords()])

/** For the sign-in page, when it has nothing else to do. */
export const preload = async (): Promise<void> => void (await load())

/** Shows the place that the address names. */
export async function start(): Promise<void> {
  const [{ mount }] = await load()
  mount()
}
