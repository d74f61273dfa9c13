import { type ServerResponse, createServer } from 'node:http'
import type { Metrics } from './metrics.ts'

/** Whoever asks is one program of the operator's, now and then. */
const limits = { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 }

/**
 * Serves `GET /metrics` and nothing else, on a port of its own: what it tells is for operators, and
 * no proxy in front of the server leads there by mistake. Port 0 is none. Returns its end. Rejects with
 * the system's error when the port cannot be had.
 */
export async function serveMetrics(
  metrics: Metrics,
  port: number,
  bind: string,
): Promise<() => Promise<void>> {
  if (port === 0) return () => Promise.resolve()
  metrics.watchProcess()
  const server = createServer(limits, ({ method, url }, response) => {
    if (url !== '/metrics') answer(response, 404, 'Only /metrics is here.\n')
    else if (method !== 'GET') answer(response, 405, 'Only GET is answered.\n', { allow: 'GET' })
    else {
      metrics.text().then(
        (text) => answer(response, 200, text, { 'content-type': metrics.contentType }),
        () => answer(response, 500, 'The metrics could not be read.\n'),
      )
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: bind }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(text)
}
