import type { ChatType, Role } from '@parley/contract'
import { expect, test } from 'vitest'
import { mayInvite, rightsIn } from './rights.ts'

const chat = (type: ChatType, role: Role | null, is_general = false) => ({ type, role, is_general })

test('nothing of a single chat can be changed', () => {
  const { remove, ...rights } = rightsIn(chat('single', 'owner'), 'owner')
  expect(Object.values(rights)).not.toContain(true)
  expect(remove('member')).toBe(false)
})

test('a group is its members’ together, but only its owner deletes it', () => {
  const member = rightsIn(chat('group', 'member'), undefined)
  expect(member).toMatchObject({ describe: true, add: true, leave: true, destroy: false })
  expect(member.changeHistory).toBe(false)
  const owner = rightsIn(chat('group', 'owner'), undefined)
  expect(owner).toMatchObject({ changeHistory: true, changeRoles: true, destroy: true })
})

test('members of a channel bring others along and leave, and change nothing', () => {
  expect(rightsIn(chat('public_channel', 'member'), 'member')).toMatchObject({
    describe: false,
    changeType: false,
    add: true,
    changeRoles: false,
    leave: true,
    destroy: false,
  })
})

test('admins of the workspace stand above the channel’s members', () => {
  const rights = rightsIn(chat('private_channel', 'member'), 'admin')
  expect(rights).toMatchObject({ describe: true, changeHistory: true, destroy: true })
  expect(rights.changeRoles).toBe(false)
  expect([rights.remove('member'), rights.remove('admin')]).toEqual([true, false])
})

test('an admin of the channel does not delete it', () => {
  expect(rightsIn(chat('public_channel', 'admin'), 'member').destroy).toBe(false)
})

test('general stays public and cannot be deleted', () => {
  expect(rightsIn(chat('public_channel', 'member', true), 'owner')).toMatchObject({
    describe: true,
    changeType: false,
    destroy: false,
  })
})

test('whoever only looks at a public channel may do nothing with it', () => {
  expect(rightsIn(chat('public_channel', null), 'member')).toMatchObject({
    describe: false,
    add: false,
    leave: false,
  })
})

test('owners and admins invite', () => {
  expect((['owner', 'admin', 'member', undefined] as const).map(mayInvite)).toEqual([
    true,
    true,
    false,
    false,
  ])
})
