import type { Config } from '../config/load.ts'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/**
 * The web origins whose pages may call the servers: the public address and those configured. On
 * loopback its three names are one place.
 */
export function allowedOrigins({
  publicUrl,
  allowedOrigins: others,
}: Pick<Config, 'publicUrl' | 'allowedOrigins'>): ReadonlySet<string> {
  const home = new URL(publicUrl)
  const names = loopbackNames.includes(home.hostname) ? loopbackNames : [home.hostname]
  const origins = names.map((name) => {
    const url = new URL(home)
    url.hostname = name
    return url.origin
  })
  return new Set([...origins, ...others])
}
