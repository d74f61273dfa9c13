/** A line of what a command has to say. */
export const say = (text: string): void => void process.stdout.write(`${text}\n`)
