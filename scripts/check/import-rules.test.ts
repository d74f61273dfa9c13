import { describe, expect, test } from 'vitest'
import { violations } from './import-rules.ts'

const chat = 'apps/chat-server/src'
const notify = 'apps/notify-server/src'

describe('an import that goes against an arrow is refused', () => {
  test.for([
    ['packages/contract/src/chats.ts', 'node:fs', 'TypeBox only'],
    ['packages/contract/src/chats.ts', 'packages/core/src/tokens.ts', 'TypeBox only'],
    ['packages/core/src/db/pool.ts', `${chat}/app.ts`, 'core knows the contract only'],
    ['packages/core/src/db/pool.ts', 'packages/sdk/src/index.ts', 'core knows the contract only'],
    ['packages/sdk/src/stream.ts', 'packages/core/src/log.ts', 'the contract only'],
    ['packages/sdk/src/stream.ts', 'node:events', 'web platform'],
    ['packages/media/src/media.ts', 'packages/core/src/log.ts', 'neither database nor servers'],
    ['packages/media/src/work/image.ts', 'node:http', 'no network'],
    ['packages/core/src/log.ts', 'packages/media/src/media.ts', 'core knows the contract only'],
    [`${notify}/app.ts`, 'packages/media/src/media.ts', 'lives in core'],
    [`${chat}/app.ts`, `${notify}/app.ts`, 'lives in core'],
    [`${notify}/tail.ts`, `${chat}/app.ts`, 'lives in core'],
    [`${chat}/chats/routes.ts`, 'packages/sdk/src/index.ts', 'lives in core'],
    [`${chat}/chats/chats.test.ts`, `${notify}/app.ts`, 'tested in tests/'],
    [`${chat}/chats/chats.test.ts`, `${chat}/messages/queries.ts`, 'do not know each other'],
    ['apps/web/src/app/main.ts', 'packages/core/src/tokens.ts', 'through the SDK'],
    ['apps/web/src/app/main.ts', 'packages/core/src/testing/until.ts', 'through the SDK'],
    ['apps/web/src/app/main.test.ts', 'packages/core/src/tokens.ts', 'through the SDK'],
    ['apps/cli/src/start.ts', `${chat}/chats/queries.ts`, 'app.ts or main.ts'],
    ['apps/cli/src/start.ts', 'packages/sdk/src/index.ts', 'app.ts or main.ts'],
    ['tests/delivery.test.ts', `${chat}/chats/queries.ts`, 'app.ts of a server'],
    ['bench/load.ts', `${notify}/hub.ts`, 'app.ts of a server'],
    ['packages/core/src/testing/stack.ts', 'tests/until.ts', 'core knows the contract only'],
    [`${chat}/chats/routes.ts`, `${chat}/messages/queries.ts`, 'do not know each other'],
    [`${chat}/shared.ts`, `${chat}/messages/queries.ts`, 'only app.ts'],
    [`${chat}/chats/queries.ts`, 'packages/core/src/http/errors.ts', 'queries know SQL only'],
    [`${chat}/chats/queries.ts`, 'fastify', 'queries know SQL only'],
  ] as const)('%s -> %s', ([from, to, why]) => {
    expect(violations([{ from, to }])).toEqual([expect.stringContaining(why)])
  })
})

describe('an import along an arrow is let through', () => {
  test.for([
    ['packages/contract/src/chats.ts', 'typebox'],
    ['packages/contract/src/index.ts', 'packages/contract/src/chats.ts'],
    ['packages/core/src/http/route.ts', 'packages/contract/src/index.ts'],
    ['packages/core/src/http/route.ts', 'fastify'],
    ['packages/sdk/src/stream/stream.test.ts', 'node:http'],
    ['packages/sdk/src/live.test.ts', `${chat}/app.ts`],
    ['packages/sdk/src/index.ts', 'packages/contract/src/index.ts'],
    ['packages/media/src/media.test.ts', 'packages/core/src/testing/until.ts'],
    [`${chat}/app.ts`, 'packages/media/src/media.ts'],
    [`${chat}/app.ts`, `${chat}/chats/routes.ts`],
    [`${chat}/chats/routes.ts`, `${chat}/chats/queries.ts`],
    [`${chat}/chats/queries.ts`, 'packages/core/src/db/sql.ts'],
    [`${chat}/chats/chats.test.ts`, 'packages/sdk/src/index.ts'],
    [`${notify}/app.ts`, `${notify}/tail.ts`],
    ['apps/web/src/app/main.ts', 'packages/sdk/src/index.ts'],
    ['apps/web/src/app/main.test.ts', 'packages/core/src/testing/until.ts'],
    ['apps/cli/src/start.ts', `${chat}/app.ts`],
    ['apps/cli/src/start.ts', `${notify}/main.ts`],
    ['tests/delivery.test.ts', 'packages/core/src/testing/stack.ts'],
    ['tests/delivery.test.ts', `${notify}/app.ts`],
  ] as const)('%s -> %s', ([from, to]) => {
    expect(violations([{ from, to }])).toEqual([])
  })
})
