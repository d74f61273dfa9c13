import { existsSync } from 'node:fs'
import { readFile, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import v4 from '@20minutes/s3rver/lib/signature/v4.js'

/**
 * An S3 server as a process: arguments are its port, its folder and its bucket. s3rver verifies signatures,
 * but knows neither how to abort an upload nor how to list those under way; it refuses both, once it
 * has verified who asks, and then they are done here. While a file `full` is in the folder, it has no room.
 */
const [port = '', directory = '', bucket = ''] = process.argv.slice(2)

const server = new S3rver({
  port: Number(port),
  address: '127.0.0.1',
  silent: true,
  directory,
  vhostBuckets: false,
  configureBuckets: [{ name: bucket }],
})

const uploads = join(directory, bucket, '._S3rver_uploads')

async function listUploads(prefix = ''): Promise<string> {
  let text = ''
  for (const id of await readdir(uploads).catch(() => [])) {
    const key = await readFile(join(uploads, id, 'key'), 'utf8')
    const { mtime } = await stat(join(uploads, id, 'key'))
    if (key.startsWith(prefix))
      text += `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${mtime.toISOString()}</Initiated></Upload>`
  }
  return `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${text}</ListMultipartUploadsResult>`
}

// It takes `/bucket/` for `/bucket`, also where it verifies what was signed.
const { getStringToSign } = v4
const asked = 'parley-asked'
v4.getStringToSign = (request, signature) => {
  const path = request.headers[asked]
  return getStringToSign(
    path === `${request.uri}/` ? { ...request, uri: path } : request,
    signature,
  )
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

server.middleware.unshift(async (context, next) => {
  const { method, query } = context
  context.headers[asked] = context.path
  if (method === 'PUT' && existsSync(join(directory, 'full'))) {
    context.status = 507
    context.type = 'application/xml'
    context.body = '<Error><Code>XMinioStorageFull</Code></Error>'
    return
  }
  try {
    await next()
  } catch (error) {
    const { uploadId } = query
    if (codeOf(error) === 'MethodNotAllowed' && method === 'DELETE' && uploadId !== undefined) {
      await rm(join(uploads, uploadId), { recursive: true, force: true })
      context.status = 204
    } else if (codeOf(error) === 'NotImplemented' && method === 'GET' && 'uploads' in query) {
      context.type = 'application/xml'
      context.body = await listUploads(query['prefix'])
    } else throw error
  }
})

await server.run()
process.stdout.write('ready\n')
