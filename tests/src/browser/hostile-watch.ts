/// <reference lib="dom" />
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type Server, type Socket, createServer } from 'node:net'
import type { BrowserContext, Page } from '@playwright/test'
import { type Canary, canaryAt, sung } from '../files/hostile/hostile.ts'

const listen = async (server: Server): Promise<string> => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

export interface Listener {
  canary: Canary
  /** What connected, by the first line that it said. */
  heard: string[]
  stop(): void
}

/** A place where nobody has any business: each connection to it counts, whatever it asks. */
export async function startListener(): Promise<Listener> {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    const at = heard.push('a connection') - 1
    socket.on('error', () => undefined)
    socket.once('data', (bytes) => {
      heard[at] = bytes.toString('latin1').split('\r\n')[0] ?? ''
      socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
    })
  })
  return {
    canary: canaryAt(await listen(server)),
    heard,
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** A site of somebody else, whose pages load what they like. */
export async function startStranger(): Promise<{ url: string; stop(): void }> {
  const server = createHttpServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Bare</title>')
  })
  return {
    url: await listen(server),
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Hears, in all pages of a browser, of dialogs, of scripts that ran, and of requests to others. */
export function watch(context: BrowserContext, origins: readonly string[]): string[] {
  const findings: string[] = []
  const allowed = new Set(origins.map((url) => new URL(url).origin))
  context.on('dialog', (dialog) => {
    findings.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss().catch(() => undefined)
  })
  context.on('console', (message) => {
    if (message.text().includes(sung)) findings.push(`on the console: ${message.location().url}`)
  })
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (/^(?:https?|wss?):/.test(protocol) && !allowed.has(origin))
      findings.push(`asks ${request.url()}`)
  })
  return findings
}

/** How many requests of a page have no end yet. */
export function pendingOf(page: Page): () => number {
  const pending = new Set<unknown>()
  page.on('request', (request) => void pending.add(request))
  page.on('requestfinished', (request) => void pending.delete(request))
  page.on('requestfailed', (request) => void pending.delete(request))
  return () => pending.size
}

/** Whether a script of a file was in this page. */
export const wasTouched = (page: Page): Promise<boolean> =>
  page.evaluate((sung) => 'ran' in globalThis || document.title === sung, sung)
