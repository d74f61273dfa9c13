/**
 * What the chat-server serves besides the contract: `open` says the same to everybody; `waiting` as well,
 * and is there only while a setup link waits; `upload` is that of its owner alone; `address` is for whom it
 * was signed.
 */
type Rule = 'open' | 'waiting' | 'upload' | 'address'

/** Each route that is no endpoint of the contract, with the web client of `webFiles`. */
export const outside: Record<string, Rule> = {
  'GET /healthz': 'open',
  'GET /readyz': 'open',
  'GET /api/openapi.json': 'open',
  'GET /docs': 'open',
  'GET /docs/': 'open',
  'GET /docs/js/scalar.js': 'open',
  'GET /': 'open',
  'GET /signin': 'open',
  'GET /signup': 'open',
  'GET /reset': 'open',
  'GET /api/auth/oidc/start': 'open',
  'GET /api/auth/oidc/callback': 'open',
  'GET /setup': 'waiting',
  'GET /.well-known/jwks.json': 'open',
  'GET /i/*': 'open',
  'GET /w/*': 'open',
  'GET /settings': 'open',
  'GET /settings/*': 'open',
  'GET /admin': 'open',
  'GET /admin/*': 'open',
  'GET /assets/page.js': 'open',
  // Asked by browsers before they send, without who asks.
  'OPTIONS *': 'open',
  'OPTIONS /api/uploads': 'open',
  'OPTIONS /api/uploads/:id': 'open',
  'POST /api/uploads': 'upload',
  'HEAD /api/uploads/:id': 'upload',
  'PATCH /api/uploads/:id': 'upload',
  'DELETE /api/uploads/:id': 'upload',
  'GET /files/:id': 'address',
  'GET /exports/:id': 'address',
}

/** A web client as small as it gets. */
export const webFiles = { 'index.html': '<!doctype html>', 'assets/page.js': 'export {}' } as const
