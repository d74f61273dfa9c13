import { gzipSync } from 'node:zlib'
import { joined, zip } from './bytes.ts'
import { type Hostile, file } from './hostile.ts'

const nothing = Buffer.alloc(50_000_000)

/** A header of a tar archive (POSIX ustar), and what it is of. */
function tar(name: string, bytes: string, kind = '0', target = ''): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0, 'latin1')
  header.write('0000777\0', 100)
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('        ', 148)
  header.write(kind, 156)
  header.write(target, 157)
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((all, byte) => all + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return joined(header, bytes.padEnd(Math.ceil(bytes.length / 512) * 512, '\0'))
}

/** Packed files that grow without end, or that would lie elsewhere once they are unpacked. */
export function archives(): Hostile[] {
  const inner = zip({ name: 'nothing', bytes: nothing })
  const nested = zip(...Array.from({ length: 20 }, (_, n) => ({ name: `${n}.zip`, bytes: inner })))
  return [
    file('bomb.zip', 'application/zip', inner),
    file('nested.zip', 'application/zip', nested),
    file(
      'bomb.docx',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      zip(
        { name: '[Content_Types].xml', bytes: '<Types/>' },
        { name: 'word/document.xml', bytes: nothing },
      ),
    ),
    file('bomb.gz', 'application/gzip', gzipSync(nothing)),
    file('bomb.svgz', 'image/svg+xml', gzipSync(Buffer.alloc(9_000_000, '<g>'))),
    file(
      'slip.zip',
      'application/zip',
      zip({ name: '../../../../tmp/slipped', bytes: 'x' }, { name: '/etc/cron.d/x', bytes: 'x' }),
    ),
    file(
      'link.zip',
      'application/zip',
      zip({ name: 'here', bytes: '/etc', mode: 0o120_777 }, { name: 'here/passwd', bytes: 'x' }),
    ),
    file(
      'slip.tar',
      'application/x-tar',
      joined(tar('../../slipped', 'x'), tar('link', '', '2', '/etc'), Buffer.alloc(1024)),
    ),
    file('cut.zip', 'application/zip', inner.subarray(0, 900)),
    file(
      'locked.7z',
      'application/x-7z-compressed',
      joined('7z\xbc\xaf\x27\x1c\0\x04', Buffer.alloc(90, 255)),
    ),
  ]
}
