import { expect, test } from 'vitest'
import { networkOf } from './network.ts'

test('of an address its network is kept', () => {
  expect(networkOf('203.0.113.77')).toBe('203.0.113.0')
  expect(networkOf('::ffff:203.0.113.77')).toBe('203.0.113.0')
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::')
  expect(networkOf('2001:db8::6')).toBe('2001:db8:0:0::')
  expect(networkOf('::1')).toBe('0:0:0:0::')
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::')
})
