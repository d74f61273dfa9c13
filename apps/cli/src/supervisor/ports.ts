import { createServer } from 'node:net'
import { StartError, errorCode } from '@parley/core/start-error'

/** Throws one sentence when the servers could not listen there. The variable says what to change. */
export async function requireFreePort(bind: string, port: number, variable: string): Promise<void> {
  try {
    await listenOnce(bind, port)
  } catch (error) {
    throw new StartError(sentence(errorCode(error), bind, port, variable), { cause: error })
  }
}

function sentence(code: string, bind: string, port: number, variable: string): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program; stop it or choose another port with ${variable}.`
  if (code === 'EACCES')
    return `Port ${port} is reserved for root; choose one above 1023 with ${variable}.`
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${bind}; correct PARLEY_BIND.`
  return `Port ${port} on ${bind} cannot be used (${code}); choose another one with ${variable}.`
}

function listenOnce(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()))
  })
}
