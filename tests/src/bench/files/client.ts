import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type Socket, connect } from 'node:net'
import { text } from 'node:stream/consumers'

export const MiB = 1024 * 1024

const piece = Buffer.alloc(256 * 1024, 'x')

/** As cheap as a client can be, so that it is the server that is measured: bytes are counted and forgotten. */
export async function openConnection(url: string): Promise<{
  /** Asks for an address and reads the whole answer; gives the bytes of its body. */
  get(address: string): Promise<number>
  close(): void
}> {
  const { hostname, port } = new URL(url)
  let seen: (bytes: Buffer) => void = () => undefined
  const socket: Socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer: Buffer.alloc(MiB),
      callback(length, buffer) {
        seen(Buffer.from(buffer.buffer, buffer.byteOffset, length))
        return true
      },
    },
  })
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  return {
    get: (address) =>
      new Promise((resolve, reject) => {
        const { pathname, search } = new URL(address, url)
        let head = ''
        let left = -1
        let size = 0
        const lost = () => reject(new Error(`${url} closed the connection`))
        socket.once('close', lost)
        seen = (bytes) => {
          let body = bytes.length
          if (left < 0) {
            const before = head.length
            head += bytes.toString('latin1')
            const end = head.indexOf('\r\n\r\n')
            if (end < 0) return
            if (!head.startsWith('HTTP/1.1 200')) return reject(new Error(head.slice(0, end)))
            size = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
            left = size
            body = before + bytes.length - end - 4
          }
          left -= body
          if (left > 0) return
          socket.off('close', lost)
          resolve(size)
        }
        socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
      }),
    close: () => socket.destroy(),
  }
}

interface Upload {
  url: string
  token: string
  /** Bytes. */
  size: number
}

async function send(
  { url, token, size }: Upload,
  method: string,
  path: string,
  headers: Record<string, string>,
  [before, after]: readonly [string, string] = ['', ''],
): Promise<IncomingMessage> {
  const call = request(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
  })
  const answered = once(call, 'response')
  if (before !== '') call.write(before)
  for (let left = size; left > 0; left -= piece.length)
    if (!call.write(left < piece.length ? piece.subarray(0, left) : piece))
      await once(call, 'drain')
  call.end(after)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the event brings
  const [response] = (await answered) as [IncomingMessage]
  if ((response.statusCode ?? 500) >= 300) throw new Error(`${path}: ${response.statusCode}`)
  return response
}

/** In a form, as the web client and others do. */
export async function uploadForm(upload: Upload): Promise<number> {
  const parts = [
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n',
    '\r\n--x--\r\n',
  ] as const
  const length = parts[0].length + parts[1].length + upload.size
  const response = await send(
    upload,
    'POST',
    '/api/upload',
    { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(length) },
    parts,
  )
  return Number(/"id":(\d+)/.exec(await text(response))?.[1])
}

/** As one that could be resumed. */
export async function uploadResumably(upload: Upload): Promise<number> {
  const version = { 'tus-resumable': '1.0.0' }
  const begun = await send({ ...upload, size: 0 }, 'POST', '/api/uploads', {
    ...version,
    'upload-length': String(upload.size),
  })
  begun.resume()
  const done = await send(upload, 'PATCH', begun.headers.location ?? '', {
    ...version,
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
    'content-length': String(upload.size),
  })
  done.resume()
  return Number(done.headers['parley-file-id'])
}
