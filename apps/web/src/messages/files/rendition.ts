import type { File } from '@parley/contract'

/** The rendition for a size; empty where the file itself is to be shown. AVIF is the smaller one. */
export function renditionFor(
  { renditions }: Pick<File, 'renditions'>,
  size: 'thumb' | 'large',
): string {
  const fit = renditions.filter((name) => name.startsWith(size))
  return fit.find((name) => name.endsWith('avif')) ?? fit[0] ?? ''
}
