/** Which file may import which: see docs/architecture. */

export interface Import {
  from: string
  /** A path from the root, or the name of a package of others: `fastify`, `node:fs`. */
  to: string
}

interface Arrow {
  /** Files the rule is about. */
  from: RegExp
  /** Files or packages it forbids; `allow` then says which of them are fine. */
  forbid: RegExp
  allow?: RegExp
  instead: string
}

const ours = /^(?:packages|apps|tests|bench|scripts)\//
const apps = /^apps\//
const entry = /^apps\/(?:chat|notify)-server\/src\/(?:app|main)\.ts$/

// Its tests play the server, and start the real ones.
const sdk = /^packages\/sdk\/(?!src\/testing\/)(?!.*\.test\.ts$)/

const arrows: Arrow[] = [
  {
    from: /^packages\/contract\//,
    forbid: /./,
    allow: /^(?:packages\/contract\/|typebox(?:\/|$))/,
    instead: 'the contract is data that browser and server share: it imports TypeBox only',
  },
  {
    from: /^packages\/core\//,
    forbid: ours,
    allow: /^packages\/(?:core|contract)\//,
    instead: 'core knows the contract only: pass in what it needs from a server',
  },
  {
    from: sdk,
    forbid: ours,
    allow: /^packages\/(?:sdk|contract)\//,
    instead: 'the SDK runs in browsers: it imports the contract only',
  },
  {
    from: sdk,
    forbid: /^(?:node:|fastify|pg$)/,
    instead: 'the SDK runs in browsers: use what the web platform has',
  },
  {
    from: /^packages\/media\/(?!.*\.test\.ts$)/,
    forbid: ours,
    allow: /^packages\/media\//,
    instead: 'media is given files and gives facts: it knows neither database nor servers',
  },
  {
    from: /^packages\/media\/(?!.*\.test\.ts$)/,
    forbid: /^node:(?:http|https|http2|net|tls|dgram|dns|dns\/promises)$/,
    instead: 'what opens the files of strangers has no network',
  },
  ...[
    { name: 'chat', extra: '|media' },
    { name: 'notify', extra: '' },
  ].flatMap(({ name, extra }) => [
    {
      from: new RegExp(`^apps/${name}-server/.*(?<!\\.test\\.ts)$`),
      forbid: ours,
      allow: new RegExp(`^(?:packages/(?:core|contract${extra})|apps/${name}-server)/`),
      instead: 'a server imports core and the contract; what both servers need lives in core',
    },
    {
      from: new RegExp(`^apps/${name}-server/.*\\.test\\.ts$`),
      forbid: ours,
      allow: new RegExp(`^(?:packages/|apps/${name}-server/)`),
      instead: 'what takes both servers is tested in tests/',
    },
  ]),
  {
    from: /^apps\/web\/.*(?<!\.test\.ts)$/,
    forbid: ours,
    allow: /^(?:apps\/web|packages\/(?:sdk|contract))\//,
    instead: 'the web client talks to the servers through the SDK',
  },
  {
    from: /^apps\/web\/.*\.test\.ts$/,
    forbid: ours,
    allow: /^(?:apps\/web|packages\/(?:sdk|contract|core\/src\/testing))\//,
    instead: 'the web client talks to the servers through the SDK',
  },
  {
    from: /^apps\/cli\//,
    forbid: ours,
    allow: new RegExp(`^(?:apps/cli|packages/core)/|${entry.source}`),
    instead: "the command line starts servers by their app.ts or main.ts and shares core's code",
  },
  {
    from: /^(?:tests|bench|scripts)\//,
    forbid: ours,
    allow: new RegExp(`^(?:tests|bench|scripts|packages/(?:core|sdk|contract))/|${entry.source}`),
    instead: 'go in by the SDK, by core, or by the app.ts of a server',
  },
  {
    from: /^(?:packages|apps)\//,
    forbid: /^(?:tests|bench|scripts)\//,
    instead: 'nothing that is shipped imports tests, bench or scripts',
  },
  {
    from: /\/queries\.ts$/,
    forbid: /^(?:packages\/core\/src\/http\/|fastify(?:\/|$)|@fastify\/)/,
    instead: 'queries know SQL only: throw or return, and let routes.ts speak HTTP',
  },
]

/** The module folder a server's file lies in, or undefined where it lies beside app.ts. */
const moduleOf = (file: string): string | undefined =>
  /^apps\/(?:chat|notify)-server\/src\/[^/]+(?=\/)/.exec(file)?.[0]

const betweenModules =
  'modules do not know each other: move what both need to core, or let app.ts pass it in'
/** Tests start the whole server, by the fixtures that are theirs. */
const test = /\.test\.ts$/
const fixtures = /\/fixtures\//
const fromBeside = 'only app.ts and main.ts know the modules: let app.ts pass in what is needed'

function refusal({ from, to }: Import): string | undefined {
  const broken = arrows.find(
    (arrow) => arrow.from.test(from) && arrow.forbid.test(to) && !arrow.allow?.test(to),
  )
  if (broken) return broken.instead
  const target = moduleOf(to)
  if (target === undefined || !apps.test(from) || target === moduleOf(from)) return undefined
  if (test.test(from) && fixtures.test(to)) return undefined
  if (fixtures.test(from) && moduleOf(from) !== target) return undefined
  if (moduleOf(from) !== undefined) return betweenModules
  return entry.test(from) ? undefined : fromBeside
}

/** One line for each import that goes against an arrow. */
export const violations = (imports: Import[]): string[] =>
  imports.flatMap((one) => {
    const why = refusal(one)
    return why === undefined ? [] : [`${one.from} imports ${one.to}: ${why}`]
  })
