import { isIPv4 } from 'node:net'
import { blockOf } from '../throttle/block.ts'

/**
 * An address without its last part, as it may be kept and shown: the first three numbers of an IPv4
 * address, the first 64 bits of an IPv6 one.
 */
export function networkOf(address: string): string {
  const block = blockOf(address)
  return isIPv4(block) ? block.replace(/\.\d+$/, '.0') : block.replace('/64', '')
}
