import {
  type Account,
  endAccountSessions,
  getAccount,
  resetSecondFactor,
  updateAccount,
} from '@parley/contract'
import { client } from '../app/client.ts'
import type { LaterKey } from '../words/words.ts'

export type ActionName =
  | 'enable'
  | 'make_admin'
  | 'drop_admin'
  | 'reset_factor'
  | 'end_sessions'
  | 'disable'

/** What an administrator can do to an account. */
export interface Action {
  /** Answers what has become of it. */
  work(account: Account): Promise<Account>
  done: LaterKey
}

const of = ({ id }: Account) => ({ params: { user_id: id } })
const change =
  (body: { status?: Account['status']; is_admin?: boolean }): Action['work'] =>
  (account) =>
    client.call(updateAccount, { ...of(account), body })

export const actions: Readonly<Record<ActionName, Action>> = {
  enable: { work: change({ status: 'active' }), done: 'admin.enabled' },
  disable: { work: change({ status: 'disabled' }), done: 'admin.disabled' },
  make_admin: { work: change({ is_admin: true }), done: 'admin.made_admin' },
  drop_admin: { work: change({ is_admin: false }), done: 'admin.dropped_admin' },
  reset_factor: {
    async work(account) {
      await client.call(resetSecondFactor, of(account))
      return client.call(getAccount, of(account))
    },
    done: 'admin.factor_gone',
  },
  end_sessions: {
    async work(account) {
      await client.call(endAccountSessions, of(account))
      return client.call(getAccount, of(account))
    },
    done: 'admin.sessions_ended',
  },
}

/** Those that change something in an account as it is. */
export const actionsFor = ({ status, is_admin, second_factor }: Account): ActionName[] => [
  ...(status === 'disabled' ? (['enable'] as const) : []),
  is_admin ? 'drop_admin' : 'make_admin',
  ...(second_factor ? (['reset_factor'] as const) : []),
  'end_sessions',
  ...(status === 'active' ? (['disable'] as const) : []),
]
