/** A bug on order, for the programs that are started with this: SIGUSR2 leaves a rejection that nobody takes. */
process.on('SIGUSR2', () => void Promise.reject(new Error('the words of a bug: CaNaRy')))
