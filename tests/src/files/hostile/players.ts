import { box, fullBox, joined, u16be, u32be, u32le } from './bytes.ts'
import { type Canary, type Hostile, file } from './hostile.ts'

/** A film whose pictures lie at an address, as the format allows (ISO/IEC 14496-12, 8.7.2). */
function elsewhere({ url }: Canary): Buffer {
  const table = [
    fullBox(
      'stsd',
      u32be(1),
      box(
        'avc1',
        '\0'.repeat(6),
        u16be(1),
        '\0'.repeat(16),
        u16be(320),
        u16be(240),
        '\0'.repeat(50),
      ),
    ),
    fullBox('stts', u32be(1), u32be(1), u32be(1000)),
    fullBox('stsc', u32be(1), u32be(1), u32be(1), u32be(1)),
    fullBox('stsz', u32be(100), u32be(1)),
    fullBox('stco', u32be(1), u32be(0)),
  ]
  const places = box('dinf', fullBox('dref', u32be(1), fullBox('url ', `${url}/film\0`)))
  const media = box(
    'mdia',
    fullBox('mdhd', u32be(0), u32be(0), u32be(1000), u32be(1000), u32be(0)),
    fullBox('hdlr', u32be(0), 'vide', '\0'.repeat(13)),
    box('minf', fullBox('vmhd', '\0'.repeat(8)), places, box('stbl', ...table)),
  )
  const track = fullBox(
    'tkhd',
    u32be(0),
    u32be(0),
    u32be(1),
    '\0'.repeat(60),
    u32be(320 * 65_536),
    u32be(240 * 65_536),
  )
  const head = fullBox('mvhd', u32be(0), u32be(0), u32be(1000), u32be(1000), '\0'.repeat(80))
  return joined(box('ftyp', 'isom\0\0\0\0isommp42'), box('moov', head, box('trak', track, media)))
}

/** Films and sounds that are broken, endless, or lie elsewhere. */
export function players(canary: Canary): Hostile[] {
  const { url, script } = canary
  const rubbish = Buffer.alloc(3000, 'x<\xff')
  const deep = Array.from({ length: 2000 }).reduce<Buffer>(
    (inner) => box('moov', inner),
    box('free'),
  )
  const picture = `-->\0\x03\0${url}/cover`
  const size = (length: number) => joined('\0\0', Buffer.from([length >> 7, length & 127]))
  const tag = joined('APIC\0\0\0', Buffer.from([picture.length + 1]), '\0\0\0', picture)
  return [
    file('elsewhere.mp4', 'video/mp4', elsewhere(canary), { shown: 'video/mp4' }),
    file('deep.mp4', 'video/mp4', joined(box('ftyp', 'isom\0\0\0\0isom'), deep), {
      shown: 'video/mp4',
    }),
    file(
      'huge.mp4',
      'video/mp4',
      joined(box('ftyp', 'isom\0\0\0\0isom'), u32be(0xffff_ffff), 'moov', rubbish),
      { shown: 'video/mp4' },
    ),
    file(
      'broken.webm',
      'video/webm',
      joined(
        '\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff',
        rubbish,
      ),
      { shown: 'video/webm' },
    ),
    file(
      'broken.ogg',
      'audio/ogg',
      joined('OggS\0\x02', '\0'.repeat(20), '\x01\x1e\x01vorbis', rubbish),
      { shown: 'audio/ogg' },
    ),
    file(
      'cover.mp3',
      'audio/mpeg',
      joined('ID3\x03\0\0', size(tag.length), tag, '\xff\xfb\x90\0', '\0'.repeat(413)),
      { shown: 'audio/mpeg' },
    ),
    file('endless.mp3', 'audio/mpeg', joined('ID3\x03\0\0\x7f\x7f\x7f\x7f', `TIT2${script}`), {
      shown: 'audio/mpeg',
    }),
    file(
      'endless.wav',
      'audio/wav',
      joined(
        'RIFF',
        u32le(0xffff_ffff),
        'WAVEfmt ',
        u32le(16),
        '\x01\0\xff\xff',
        u32le(0xffff_ffff),
        u32le(0),
        '\0\0\x08\0data',
        u32le(0xffff_ffff),
      ),
    ),
  ]
}
