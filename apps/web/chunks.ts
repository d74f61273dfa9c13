import { fileURLToPath } from 'node:url'
import { rareId } from './contract-names.ts'

/** What the bundler tells of a module. */
interface ModuleInfo {
  importedIds: readonly string[]
}
interface Modules {
  getModuleInfo(id: string): ModuleInfo | null
}

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** What the SDK's one entry has for those who are signed in; the others use none of it. */
const unusedAtTheDoor = /\/sdk\/src\/(?:state|stream)\//

/** Only some need them, those of a language, who looks for an emoji, or at code; or it is no code of a part. */
const alone = /\0|\.html$|\/words\/|\/highlight\.ts$|\/(?:lowlight|highlight\.js|devlop)\//

/** What shows pictures of people. */
const faces = /\/ui\/(?:FaceImage\.vue|faces\.ts)|\/messages\/files\/addresses\.ts$/

/** What few ever open. */
const isAdministration = (id: string): boolean => id.includes('/src/administration/')

/** What tells the strength of a password, but for what it is compared with. */
const strength = /\/auth\/strength\/|\/words\/strength\.ts$|\/(?:@zxcvbn-ts|fastest-levenshtein)\//

/** What draws a QR code. */
const qr = /\/node_modules\/qr\/|\/second-factor\/(?:QrCode\.vue|qr-path\.ts)/

/** What asks for the second step of signing in. */
const second = /\/auth\/second\/|\/words\/second\.ts$/

/** What asks a browser for passkeys: when the button is pressed. */
const webauthn = /\/@simplewebauthn\/|\/auth\/passkeys\/ask\.ts$/

/** All that is loaded before these can run. */
function closure(
  modules: Modules,
  entries: readonly string[],
  unused?: RegExp,
): ReadonlySet<string> {
  const seen = new Set<string>()
  const waiting = entries.map(at)
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id) || unused?.test(id) === true) continue
    seen.add(id)
    waiting.push(...(modules.getModuleInfo(id)?.importedIds ?? []))
  }
  return seen
}

/**
 * Which modules come in one file: `first` is what both programs need, `door` and `app` are the one of
 * those who are not signed in and of those who are, `later` is what nobody needs at once. Left alone
 * the bundler makes a file for each set of modules that some parts share, some fifty of them, which
 * compress worse and are as many requests.
 */
export function chunks(): { name: (id: string, modules: Modules) => string | null }[] {
  let door: ReadonlySet<string> = new Set()
  let app: ReadonlySet<string> = new Set()
  return [
    { name: (id) => (id === rareId ? 'rare' : null) },
    {
      name(id, modules) {
        if (door.size === 0) {
          door = closure(modules, ['src/app/main.ts', 'src/auth/door.ts'], unusedAtTheDoor)
          app = closure(modules, ['src/app/main.ts', 'src/app/full.ts'])
          if (app.has(at('src/words/say.ts')) || door.has(at('src/words/say.ts')))
            throw new Error('Something that comes at once says words that come later.')
        }
        // What waits for a program cannot be in a file that the program waits for.
        return app.has(id) && door.has(id) && id !== at('src/app/main.ts') ? 'first' : null
      },
    },
    // Of what is left: the bundler asks for the groups in order.
    { name: (id) => (door.has(id) && !app.has(id) ? 'door' : null) },
    { name: (id) => (app.has(id) && !door.has(id) ? 'app' : null) },
    // Wanted as soon as somebody has a picture, long before anybody looks at a file.
    { name: (id) => (faces.test(id) ? 'faces' : null) },
    { name: (id) => (strength.test(id) ? 'strength' : null) },
    { name: (id) => (second.test(id) ? 'second' : null) },
    { name: (id) => (webauthn.test(id) ? 'webauthn' : null) },
    { name: (id) => (id.includes('/auth/passkeys/') ? 'passkeys' : null) },
    { name: (id) => (id.includes('/messages/files/') ? 'files' : null) },
    { name: (id) => (qr.test(id) ? 'qr' : null) },
    { name: (id) => (id.includes('/src/settings/') ? 'settings' : null) },
    {
      name: (id) => (/\/auth\/(?:(?:SignUp|Reset)Page\.vue|openid\/)/.test(id) ? 'account' : null),
    },
    {
      name: (id) => (door.has(id) || alone.test(id) || isAdministration(id) ? null : 'later'),
    },
    // Last: it would take with it what others need as well.
    { name: (id) => (isAdministration(id) ? 'administration' : null) },
  ]
}
