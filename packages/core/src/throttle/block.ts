import { isIPv4, isIPv6 } from 'node:net'

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/**
 * What counts as one network neighbour: an IPv4 address, or the 64 bits of an IPv6 address that one
 * customer has at the least (RFC 6177). What is no address is all one.
 */
export function blockOf(ip: string): string {
  const [address = ''] = ip.split('%')
  const four = mapped.exec(address)?.[1] ?? address
  if (isIPv4(four)) return four
  return isIPv6(address) ? `${firstHalf(address)}::/64` : 'none'
}

function firstHalf(address: string): string {
  const [head = '', tail] = address.split('::').map((part) => (part === '' ? [] : part.split(':')))
  return groupsOf(head, tail)
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

/** With the zeros that `::` stands for. An IPv4 address at the end takes the place of two groups. */
function groupsOf(head: string[] | '', tail: string[] | undefined): string[] {
  const front = head === '' ? [] : head
  if (tail === undefined) return front
  const width = [...front, ...tail].reduce((sum, group) => sum + (group.includes('.') ? 2 : 1), 0)
  return [...front, ...Array<string>(8 - width).fill('0'), ...tail]
}
