/** The part of it that tests use; the package has no types. */
declare module '@20minutes/s3rver' {
  interface Context {
    method: string
    path: string
    headers: Record<string, string>
    query: Record<string, string | undefined>
    status: number
    type: string
    body: unknown
  }

  export default class S3rver {
    constructor(options: {
      port: number
      address: string
      silent: boolean
      directory: string
      vhostBuckets: boolean
      configureBuckets: { name: string }[]
    })
    middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[]
    run(): Promise<unknown>
  }
}

declare module '@20minutes/s3rver/lib/signature/v4.js' {
  interface Signed {
    uri: string
    headers: Record<string, string>
  }
  const v4: { getStringToSign(request: Signed, signature: unknown): string }
  export default v4
}
