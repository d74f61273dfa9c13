import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  MkvOutputFormat,
  MovOutputFormat,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  type OutputFormat,
  WebMOutputFormat,
} from 'mediabunny'

const formats = {
  mp4: () => new Mp4OutputFormat(),
  mov: () => new MovOutputFormat(),
  webm: () => new WebMOutputFormat(),
  mkv: () => new MkvOutputFormat(),
}

/** A video of 320 by 240, 2.5 seconds long, whose pictures nobody could decode. */
export async function clip(type: keyof typeof formats, rotation: 0 | 90 = 0): Promise<Buffer> {
  const target = new BufferTarget()
  const output = new Output<OutputFormat, BufferTarget>({ format: formats[type](), target })
  const video = new EncodedVideoPacketSource('vp9')
  output.addVideoTrack(video, rotation === 0 ? {} : { rotation })
  await output.start()
  const config = { codec: 'vp09.00.10.08', codedWidth: 320, codedHeight: 240 }
  for (let frame = 0; frame < 25; frame++)
    await video.add(
      new EncodedPacket(new Uint8Array(20).fill(frame), 'key', frame / 10, 0.1),
      frame === 0 ? { decoderConfig: config } : undefined,
    )
  await output.finalize()
  return Buffer.from(target.buffer ?? new ArrayBuffer())
}

const songs = {
  m4a: {
    format: () => new Mp4OutputFormat(),
    name: 'aac',
    codec: 'mp4a.40.2',
    description: Buffer.from([0x11, 0x90]),
    packet: 1024 / 48_000,
  },
  ogg: {
    format: () => new OggOutputFormat(),
    name: 'opus',
    codec: 'opus',
    description: Buffer.from('OpusHead\x01\x02\0\0\x80\xbb\0\0\0\0\0', 'latin1'),
    packet: 0.02,
  },
} as const

/** 100 packets of silence in stereo. */
export async function song(type: keyof typeof songs): Promise<Buffer> {
  const { format, name, codec, description, packet } = songs[type]
  const target = new BufferTarget()
  const output = new Output<OutputFormat, BufferTarget>({ format: format(), target })
  const audio = new EncodedAudioPacketSource(name)
  output.addAudioTrack(audio)
  await output.start()
  const decoderConfig = { codec, numberOfChannels: 2, sampleRate: 48_000, description }
  for (let index = 0; index < 100; index++)
    await audio.add(
      // An Opus packet begins with how long it is: 0xfc stands for 20 ms.
      new EncodedPacket(new Uint8Array(8).fill(0xfc), 'key', index * packet, packet),
      index === 0 ? { decoderConfig } : undefined,
    )
  await output.finalize()
  return Buffer.from(target.buffer ?? new ArrayBuffer())
}

/** PCM of 8 kHz, one channel of one byte. */
export function wav(seconds: number): Buffer {
  const data = Buffer.alloc(8000 * seconds, 128)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + data.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(8000, 24)
  header.writeUInt32LE(8000, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(data.length, 40)
  return Buffer.concat([header, data])
}

/** Frames of MPEG 1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes and 26.12 ms each. */
export function mp3(frames: number): Buffer {
  const frame = Buffer.alloc(417)
  frame.set([0xff, 0xfb, 0x90, 0x00])
  return Buffer.concat(Array.from({ length: frames }, () => frame))
}

/** A header that says how many samples there are, and no sound. */
export function flac(seconds: number): Buffer {
  const info = Buffer.alloc(34)
  info.writeUInt16BE(4096, 0)
  info.writeUInt16BE(4096, 2)
  // 20 bits of sample rate, 3 of channels, 5 of bits per sample, 36 of samples.
  info.writeBigUInt64BE(
    (44_100n << 44n) | (1n << 41n) | (15n << 36n) | BigInt(44_100 * seconds),
    10,
  )
  return Buffer.concat([Buffer.from('fLaC\x80\0\0\x22', 'latin1'), info])
}
