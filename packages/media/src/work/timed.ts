import {
  ADTS,
  FLAC,
  FilePathSource,
  Input,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny'
import { type Found, nothing } from '../facts.ts'
import { Unfit } from './unfit.ts'

const formats = [MP4, QTFF, MATROSKA, WEBM, MP3, OGG, WAVE, FLAC, ADTS]
const cache = { maxCacheSize: 4 * 2 ** 20, handleUnhandledError: () => undefined }

/**
 * How long video or audio lasts, and a video's size as it is shown. Only what surrounds the sound and
 * the pictures is read; where no header says the duration, where each part of it stands.
 */
export async function lookAtTimed(path: string): Promise<Found> {
  const input = new Input({ source: new FilePathSource(path, cache), formats })
  try {
    if ((await input.getTracks()).length === 0) throw new Unfit('broken')
    const video = await input.getPrimaryVideoTrack()
    const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration())
    return {
      ...nothing,
      width: video && positive(await video.getDisplayWidth()),
      height: video && positive(await video.getDisplayHeight()),
      duration_ms: Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : null,
    }
  } finally {
    input.dispose()
  }
}

const positive = (pixels: number): number | null => (pixels > 0 ? Math.round(pixels) : null)
