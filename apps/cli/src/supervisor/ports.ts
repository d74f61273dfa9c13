import { createServer } from 'node:net'
import { StartError, errorCode } from '@parley/core/start-error'

/** A place to listen, with the variables that say where. */
export interface Place {
  bind: string
  bindVariable: string
  port: number
  variable: string
}

/** Throws one sentence when nobody could listen there. */
export async function requireFreePort(place: Place): Promise<void> {
  try {
    await listenOnce(place)
  } catch (error) {
    throw new StartError(sentence(errorCode(error), place), { cause: error })
  }
}

function sentence(code: string, { bind, bindVariable, port, variable }: Place): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program; stop it or choose another port with ${variable}.`
  if (code === 'EACCES')
    return `Port ${port} is reserved for root; choose one above 1023 with ${variable}.`
  if (code === 'EADDRNOTAVAIL')
    return `This machine has no address ${bind}; correct ${bindVariable}.`
  return `Port ${port} on ${bind} cannot be used (${code}); choose another one with ${variable}.`
}

function listenOnce({ bind, port }: Place): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host: bind, port, exclusive: true }, () => server.close(() => resolve()))
  })
}
