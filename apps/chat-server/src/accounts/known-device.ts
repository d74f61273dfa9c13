import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Config } from '@parley/core/config/load'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** As long as browsers keep a cookie at the most, in seconds. */
const maxAge = 400 * 24 * 3600
/** Accounts that one device is known by; with one more the oldest is forgotten. */
const most = 5

const form = /^([\w-]{22})((?:\.[\w-]{43}){1,5})$/

/**
 * The cookie of a device that somebody has signed in from: its id, and for each account a signature
 * over both. It opens nothing. It only lets sign-ins with a wrong password be counted apart, so that
 * nobody can lock somebody out of the devices that they use
 * (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
 */
export function knownDevices(config: Config, masterKey: Buffer) {
  const secure = config.publicUrl.startsWith('https:')
  const name = secure ? '__Host-parley_device' : 'parley_device'
  const secret = Buffer.from(hkdfSync('sha256', masterKey, '', 'parley known devices', 32))
  const sign = (id: string, account: Buffer): string =>
    createHmac('sha256', secret).update(id).update(account).digest('base64url')

  function read({ cookies }: FastifyRequest): { id: string; signatures: string[] } | undefined {
    const [, id, rest = ''] = form.exec(cookies[name] ?? '') ?? []
    return id === undefined ? undefined : { id, signatures: rest.slice(1).split('.') }
  }
  const holds = (signatures: readonly string[], signature: string): boolean =>
    signatures.some((one) => timingSafeEqual(Buffer.from(one), Buffer.from(signature)))

  return {
    /** The id of the device, where the account is known on it. */
    idOf(request: FastifyRequest, account: Buffer): string | undefined {
      const device = read(request)
      return device && holds(device.signatures, sign(device.id, account)) ? device.id : undefined
    },
    /** From now on the account is known on the device. */
    remember(request: FastifyRequest, reply: FastifyReply, account: Buffer): void {
      const { id, signatures } = read(request) ?? {
        id: randomBytes(16).toString('base64url'),
        signatures: [],
      }
      const signature = sign(id, account)
      const others = signatures.filter((one) => one !== signature).slice(0, most - 1)
      reply.setCookie(name, [id, signature, ...others].join('.'), {
        httpOnly: true,
        secure,
        sameSite: 'strict',
        path: '/',
        maxAge,
      })
    },
  }
}
