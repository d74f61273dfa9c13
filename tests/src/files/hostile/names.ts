import { type Canary, type Hostile, file } from './hostile.ts'
import { page } from './markup.ts'

/** What a file is called, and what that is kept as; undefined where it is kept as it was said. */
const names: readonly (readonly [string, string?])[] = [
  ['../../../etc/passwd.html', 'passwd.html'],
  ['..\\..\\windows\\system.html', 'system.html'],
  ['/etc/shadow.html', 'shadow.html'],
  ['C:\\boot.html', 'boot.html'],
  ['%2e%2e%2fencoded.html'],
  ['nul\0byte.html\0.png', 'nulbyte.html.png'],
  ['\u202Elmth.gnp', 'lmth.gnp'],
  ['isolated\u2066\u2069.html', 'isolated.html'],
  [`${'x'.repeat(4000)}.html`, `${'x'.repeat(250)}.html`],
  [`${'猫'.repeat(1300)}.html`, `${'猫'.repeat(83)}.html`],
  ['....', 'file'],
  ['con'],
  ['aux.html'],
  ['com1.png'],
  ['a"; filename="other.html'],
  ['line\r\nSet-Cookie: x=1\r\n\r\n<script>.html', 'lineSet-Cookie: x=1<script>.html'],
  ["a'b; filename*=UTF-8''other.html"],
  ['<img src=x onerror=alert(1)>.html'],
  ['javascript:alert(1).html'],
  ['👩‍👩‍👧‍👦🏴‍☠️.html'],
  ['Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞.html'],
  ['separated\u2028\u2029.html', 'separated.html'],
  ['.htaccess'],
  [`photo.png${' '.repeat(120)}.html`],
  ['stream.html:hidden'],
  ['$(reboot) `reboot` ; rm -rf ~.html'],
  ['--help'],
]

/** Pages under names that mean something to those who store, show or save them. */
export const named = (canary: Canary): Hostile[] =>
  names.map(([name, kept = name]) => file(name, 'image/png', page(canary), { kept }))
