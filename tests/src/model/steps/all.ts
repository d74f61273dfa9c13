import fc from 'fast-check'
import { renames } from '../actions/accounts.ts'
import type { Action } from '../actions/attempt.ts'
import { channels, chatEnds, groups, singles } from '../actions/chats.ts'
import { acceptances, invitings, revocations } from '../actions/invites.ts'
import { joins, leaves, puts, removals } from '../actions/members.ts'
import { edits, erases, marks, sends } from '../actions/messages.ts'
import { chatChanges } from '../actions/update-chat.ts'
import {
  foundings,
  workspaceChanges,
  workspaceEnds,
  workspaceJoins,
  workspaceRemovals,
  workspaceRoles,
} from '../actions/workspaces.ts'
import { type Step, call } from '../command.ts'
import { interruptions, looks } from './net.ts'
import { visits } from './sessions.ts'

/** Every call that changes something, the frequent ones more often. */
export const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 45, arbitrary: sends },
  { weight: 12, arbitrary: edits },
  { weight: 9, arbitrary: erases },
  { weight: 15, arbitrary: marks },
  { weight: 6, arbitrary: singles },
  { weight: 9, arbitrary: groups },
  { weight: 12, arbitrary: channels },
  { weight: 15, arbitrary: joins },
  { weight: 12, arbitrary: leaves },
  { weight: 18, arbitrary: puts },
  { weight: 12, arbitrary: removals },
  { weight: 24, arbitrary: chatChanges },
  { weight: 3, arbitrary: chatEnds },
  { weight: 3, arbitrary: renames },
  { weight: 3, arbitrary: foundings },
  { weight: 3, arbitrary: workspaceChanges },
  { weight: 6, arbitrary: workspaceJoins },
  { weight: 9, arbitrary: workspaceRoles },
  { weight: 9, arbitrary: workspaceRemovals },
  { weight: 3, arbitrary: invitings },
  { weight: 3, arbitrary: acceptances },
  { weight: 3, arbitrary: revocations },
  workspaceEnds,
)

/** Calls that decide who is where: at the same time each may pull the ground from under another. */
export const comingAndGoing: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: channels },
  { weight: 6, arbitrary: workspaceRemovals },
  { weight: 4, arbitrary: workspaceJoins },
  { weight: 2, arbitrary: workspaceRoles },
  { weight: 4, arbitrary: puts },
  { weight: 2, arbitrary: removals },
  { weight: 4, arbitrary: joins },
  { weight: 4, arbitrary: leaves },
  { weight: 2, arbitrary: chatChanges },
  chatEnds,
  workspaceEnds,
)

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 60, arbitrary: anyAction.map(call) },
  { weight: 3, arbitrary: interruptions },
  { weight: 1, arbitrary: looks },
  { weight: 1, arbitrary: visits },
)
