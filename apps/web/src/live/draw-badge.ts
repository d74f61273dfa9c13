const size = 64

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** The icon with a red spot, and in it a number unless it is a dot. */
export async function drawBadge(badge: string): Promise<string> {
  const icon = new Image(size, size)
  icon.src = '/icon.svg'
  await icon.decode()
  const canvas = document.createElement('canvas')
  canvas.width = size
  canvas.height = size
  const to = canvas.getContext('2d')
  if (!to) return '/icon.svg'
  to.drawImage(icon, 0, 0, size, size)
  const radius = badge === 'dot' ? size / 5 : size / 3
  to.fillStyle = token('--danger')
  to.beginPath()
  to.arc(size - radius, size - radius, radius, 0, 2 * Math.PI)
  to.fill()
  if (badge !== 'dot') {
    to.fillStyle = token('--on-accent')
    to.font = `600 ${radius * 1.3}px ${token('--font')}`
    to.textAlign = 'center'
    to.textBaseline = 'middle'
    to.fillText(badge, size - radius, size - radius + 2)
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done))
  return blob ? URL.createObjectURL(blob) : '/icon.svg'
}
