import { expect, test } from 'vitest'
import { blockOf } from './block.ts'

test('an IPv4 address stands for itself, however it is written', () => {
  expect(blockOf('192.0.2.7')).toBe('192.0.2.7')
  expect(blockOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(blockOf('::FFFF:192.0.2.7')).toBe('192.0.2.7')
})

test('IPv6 addresses count by their first 64 bits, however they are written', () => {
  for (const ip of [
    '2001:db8::1',
    '2001:DB8:0:0::ffff',
    '2001:0db8:0000:0000:1:2:3:4',
    '2001:db8::1:2:192.0.2.7',
    '2001:db8:0:0:1:2:192.0.2.7',
  ])
    expect(blockOf(ip)).toBe('2001:db8:0:0::/64')
  expect(blockOf('2001:db8:0:1::1')).toBe('2001:db8:0:1::/64')
  expect(blockOf('::1')).toBe('0:0:0:0::/64')
  expect(blockOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
})

test('what is no address is all one', () => {
  for (const ip of ['', 'banana', '999.1.1.1', '1.2.3.4:5678', 'x'.repeat(10_000)])
    expect(blockOf(ip)).toBe('none')
})
