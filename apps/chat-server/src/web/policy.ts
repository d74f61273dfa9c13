import { inlineScripts } from '@parley/core/http/inline-scripts'

/**
 * What the client's page may do: run what it was built from, talk to the two servers, show what they
 * send. No script from text, by whatever way: strings do not become code (Trusted Types), but for
 * the policy that Vue needs for its own static parts.
 */
export const policyFor = (page: string, eventsUrl: string, filesOrigin = ''): string =>
  [
    "default-src 'none'",
    ["script-src 'self'", ...inlineScripts(page)].join(' '),
    "style-src 'self'",
    `img-src 'self' data: blob: ${filesOrigin}`.trim(),
    `media-src 'self' blob: ${filesOrigin}`.trim(),
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    // Files too: a text or a PDF is shown by reading it.
    `connect-src 'self' ${new URL(eventsUrl).origin} ${filesOrigin}`.trim(),
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types vue',
  ].join('; ')
