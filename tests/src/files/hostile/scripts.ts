import { u32le, joined, gif, jpeg, png, zip } from './bytes.ts'
import { type Canary, type Hostile, file, plain } from './hostile.ts'
import { page } from './markup.ts'

/** What pages load: it is text here, and no page of anybody may load it. */
function loaded({ url, script }: Canary): Hostile[] {
  return [
    file('code.js', 'text/javascript', script, plain),
    file('code.mjs', 'text/javascript', `import '${url}/import';${script};export default 1`, plain),
    file('answer.json', 'application/json', `callback({});${script}`, plain),
    file('list.json', 'application/json', '[{"a":1}]', plain),
    file(
      'style.css',
      'text/css',
      `@import url(${url}/import);body{background:url(${url}/body);display:none}`,
      plain,
    ),
    // A service worker would see, and answer, all that a client asks.
    file(
      'worker.js',
      'text/javascript',
      `importScripts('${url}/import');addEventListener('fetch',e=>e.respondWith(new Response('<script>${script}</script>',{headers:{'content-type':'text/html'}})));${script}`,
      plain,
    ),
    file(
      'app.webmanifest',
      'application/manifest+json',
      `{"name":"x","start_url":"${url}/start","icons":[{"src":"${url}/icon","sizes":"512x512","type":"image/png"}],"serviceworker":{"src":"worker.js"}}`,
      plain,
    ),
    file('cache.appcache', 'text/cache-manifest', `CACHE MANIFEST\n${url}/cached\n`, plain),
    file(
      'crossdomain.xml',
      'text/x-cross-domain-policy',
      '<?xml version="1.0"?><cross-domain-policy><allow-access-from domain="*"/></cross-domain-policy>',
    ),
    file(
      'film.swf',
      'application/x-shockwave-flash',
      joined('FWS\x0a', u32le(99), '\0'.repeat(91)),
    ),
    file('module.wasm', 'application/wasm', Buffer.from('\0asm\x01\0\0\0', 'latin1')),
    file('font.woff2', 'font/woff2', joined('wOF2\0\x01\0\0', '\0'.repeat(90))),
    file(
      'font.svg',
      'image/svg+xml',
      `<svg><defs><font><glyph onload="${script}"/></font></defs></svg>`,
    ),
  ]
}

/** Two things at once: a picture, a sound or a document for the one, a program or a page for the other. */
function both(canary: Canary): Hostile[] {
  const { script } = canary
  const html = page(canary)
  return [
    file('script.gif', 'image/gif', `GIF89a/*\0\0\0*/=1;${script}//`, { shown: 'image/gif' }),
    file('page-said.gif', 'text/html', gif(9, 9, 1, html), { shown: 'image/gif' }),
    file('page-said.jpg', 'text/html', jpeg(90, 60, [['\xfe', html]]), { shown: 'image/jpeg' }),
    file('page-said.png', 'text/html', png(90, 60, { chunks: [['tEXt', `Comment\0${html}`]] }), {
      shown: 'image/png',
    }),
    file('page-behind.png', 'text/html', joined(png(90, 60), html), { shown: 'image/png' }),
    file(
      'archive-behind.png',
      'application/java-archive',
      joined(png(90, 60), zip({ name: 'A.class', bytes: 'x' })),
      {
        shown: 'image/png',
      },
    ),
    file('page-in-colours.gif', 'text/html', joined(gif(9, 9).subarray(0, 13), html), {
      shown: 'image/gif',
    }),
    file('script.bmp', 'image/bmp', `BM=1;/*\0\0*/${script}`),
    file('script.wav', 'audio/wav', `RIFF=1/*WAVEfmt \0*/;${script}`),
    file('script.mp3', 'text/javascript', `ID3=1/*\0\0\0\0*/;${script}`, { shown: 'audio/mpeg' }),
    file('script.pdf', 'application/pdf', `/*\n%PDF-1.7\n*/${script}`, plain),
    file(
      'page-in.mp3',
      'text/html',
      joined('ID3\x04\0\0\0\0\x0f\x7f', 'TIT2\0\0\x0f\x70\0\0\x03', html),
      { shown: 'audio/mpeg' },
    ),
  ]
}

export const scripts = (canary: Canary): Hostile[] => [...loaded(canary), ...both(canary)]
