import { isIP } from 'node:net'
import type { Config } from '@parley/core/config/load'

/** Who passkeys are made for (WebAuthn 3, 4: relying party), and the only pages that may use them. */
export interface RelyingParty {
  id: string
  origin: string
  name: string
}

/**
 * By the public address alone, whatever a request says of itself. Undefined where browsers have no
 * passkeys: at an address that is a number (5.1.3, step 7), and over plain http but for this machine's own name.
 */
export function relyingParty({
  publicUrl,
  instanceName: name,
}: Pick<Config, 'publicUrl' | 'instanceName'>): RelyingParty | undefined {
  const { protocol, hostname: id, origin } = new URL(publicUrl)
  if (isIP(id) !== 0 || id.startsWith('[')) return undefined
  const isLocal = id === 'localhost' || id.endsWith('.localhost')
  return protocol === 'https:' || isLocal ? { id, origin, name } : undefined
}
