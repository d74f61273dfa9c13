import { subscribe, unsubscribe } from 'node:diagnostics_channel'

interface Route {
  method: string | string[]
  url: string
}

interface Fastify {
  addHook(name: 'onRoute', hook: (route: Route) => void): void
}

const isMessage = (message: unknown): message is { fastify: Fastify } =>
  typeof message === 'object' && message !== null && 'fastify' in message

/** Fastify tells of each server that it makes. */
const channel = 'fastify.initialization'

/** The routes of the servers that are started meanwhile, as `GET /api/me`, each once. */
export async function routesOf<T>(
  start: () => Promise<T>,
): Promise<{ started: T; routes: string[] }> {
  const routes = new Set<string>()
  const listen = (message: unknown): void => {
    if (!isMessage(message)) return
    message.fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routes.add(`${each} ${url}`)
    })
  }
  subscribe(channel, listen)
  try {
    return { started: await start(), routes: [...routes].toSorted() }
  } finally {
    unsubscribe(channel, listen)
  }
}
