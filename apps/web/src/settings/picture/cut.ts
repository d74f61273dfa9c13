/** Pixels on a side of what is uploaded: the server makes a smaller one of it, and pages may want more one day. */
const mostSide = 512

/**
 * The middle of a picture as a square, made anew from what is seen: nothing else that the file tells goes
 * along. Undefined where the browser sees no picture in it.
 */
export async function cutSquare(file: Blob): Promise<Blob | undefined> {
  const address = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    return await draw(image)
  } catch {
    return undefined
  } finally {
    URL.revokeObjectURL(address)
  }
}

function draw(image: HTMLImageElement): Promise<Blob | undefined> {
  const { naturalWidth: width, naturalHeight: height } = image
  const cut = Math.min(width, height)
  const side = Math.min(cut, mostSide)
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d')
  if (!context || side === 0) return Promise.resolve(undefined)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, (width - cut) / 2, (height - cut) / 2, cut, cut, 0, 0, side, side)
  // Browsers that cannot write WebP write PNG.
  return new Promise((done) => {
    canvas.toBlob((blob) => done(blob ?? undefined), 'image/webp', 0.9)
  })
}
