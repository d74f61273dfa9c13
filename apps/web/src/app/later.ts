import { laterWords } from '../words/words.ts'

/** Loads a part of the page together with the words that it says. */
export const later =
  <Part>(load: () => Promise<Part>) =>
  async (): Promise<Part> => {
    const [part] = await Promise.all([load(), laterWords()])
    return part
  }
