import sharp from 'sharp'

// One picture at a time, and nothing kept for a second one.
sharp.cache(false)
sharp.concurrency(1)
// libvips can open dozens of types; it knows these five, and only as files.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['Png', 'Jpeg', 'Nsgif', 'Webp', 'Heif'].map((name) => `VipsForeignLoad${name}File`),
})

export { sharp }
