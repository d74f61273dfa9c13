import { object } from '@parley/contract'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { tokenLifetime, tokenType } from './issue.ts'

const Seconds = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const IdText = Type.String({ pattern: '^[1-9][0-9]{0,15}$' })

const header = Compile(
  object({ alg: Type.Literal('EdDSA'), typ: Type.Literal(tokenType), kid: Type.String() }),
)
const claims = Compile(
  object({
    sid: IdText,
    iss: Type.String(),
    aud: Type.Array(Type.String()),
    sub: IdText,
    jti: Type.String(),
    iat: Seconds,
    nbf: Seconds,
    exp: Seconds,
  }),
)

/**
 * Undoes base64url and JSON, where both are spelled in the one way in which we write them: no bits
 * left over, no blanks, no name twice. What two readers could read in two ways is undefined.
 */
function read(part: string): unknown {
  const bytes = Buffer.from(part, 'base64url')
  const text = bytes.toString('utf8')
  const value: unknown = JSON.parse(text)
  const isOurs = bytes.toString('base64url') === part && JSON.stringify(value) === text
  return isOurs ? value : undefined
}

const isCanonical = (part: string): boolean =>
  Buffer.from(part, 'base64url').toString('base64url') === part

/**
 * The kid of a token that has the form of those we issue, to the letter; undefined for any other.
 * Signatures are checked elsewhere; this refuses what a library may be lenient about (RFC 8725, 2.4 to
 * 2.8, 3.10).
 */
export function kidOf(token: string): string | undefined {
  try {
    const [head = '', body = '', signature = ''] = token.split('.')
    const [named, said] = [read(head), read(body)]
    const isOurs =
      header.Check(named) &&
      claims.Check(said) &&
      isCanonical(signature) &&
      // Revocation forgets a session when the last token that could speak for it has expired.
      said.exp - said.iat <= tokenLifetime
    return isOurs ? named.kid : undefined
  } catch {
    // It is no JSON.
    return undefined
  }
}
