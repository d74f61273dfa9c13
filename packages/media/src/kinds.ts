type Kind = 'image' | 'timed' | 'text' | 'document'

/** What libvips calls the types of pictures that are opened at all. */
export const pictures: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'heif',
}

const timed =
  /^(?:video\/(?:mp4|quicktime|webm|matroska|x-matroska|ogg|x-m4v)|audio\/(?:mp4|x-m4a|mpeg|ogg|opus|wav|vnd\.wave|x-wav|wave|flac|x-flac|aac|webm|matroska|x-matroska)|application\/ogg)$/

/** What is to be made of a file by its type without parameters; nothing of most. */
export function kindOf(mime: string): Kind | undefined {
  if (Object.hasOwn(pictures, mime)) return 'image'
  if (timed.test(mime)) return 'timed'
  if (mime === 'application/pdf') return 'document'
  return /^(?:text\/.+|application\/(?:json|xml))$/.test(mime) ? 'text' : undefined
}
