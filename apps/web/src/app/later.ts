import { laterWords } from '../words/words.ts'
import { firstView } from './first-view.ts'

/** Loads a part of the page together with the words that it says. */
export const later =
  <Part>(load: () => Promise<Part>) =>
  async (): Promise<Part> => {
    const [part] = await Promise.all([load(), laterWords()])
    return part
  }

/** The same for a part that is there from the start, and is not what one came for. */
export const afterFirstView =
  <Part>(load: () => Promise<Part>) =>
  async (): Promise<Part> => {
    await firstView
    return later(load)()
  }
