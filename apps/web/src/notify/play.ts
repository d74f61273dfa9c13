import type { SoundKind } from './sounds.ts'

/** Pitches in hertz, one after the other. */
const pitches: Readonly<Record<SoundKind, readonly number[]>> = {
  direct: [587, 880],
  mention: [880, 698, 880],
}
/** In seconds. */
const pitchLasts = 0.11
const loudness = 0.15
/** How long a browser may take to begin, in milliseconds: what it keeps back is not for later. */
const patienceMs = 1_000

async function begins(audio: AudioContext): Promise<boolean> {
  const late = new Promise((resolve) => setTimeout(resolve, patienceMs))
  // A browser that waits for a click answers after that.
  if (audio.state !== 'running') await Promise.race([audio.resume().catch(() => undefined), late])
  return audio.state === 'running'
}

/** Sounds at once or not at all. */
export async function play(kind: SoundKind): Promise<void> {
  const audio = new AudioContext()
  const close = (): void => void audio.close().catch(() => undefined)
  if (!(await begins(audio))) return close()
  const [tone, volume] = [audio.createOscillator(), audio.createGain()]
  const start = audio.currentTime
  const end = start + pitches[kind].length * pitchLasts
  pitches[kind].forEach((pitch, n) => tone.frequency.setValueAtTime(pitch, start + n * pitchLasts))
  // Without the clicks of a wave that is cut.
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(loudness, start + 0.02)
  volume.gain.linearRampToValueAtTime(0, end)
  tone.connect(volume).connect(audio.destination)
  tone.addEventListener('ended', close)
  tone.start(start)
  tone.stop(end)
}
