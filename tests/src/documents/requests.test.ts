import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChatServer, startChat } from '../input/kit.ts'
import { isObject } from '../input/shape.ts'

const file = fileURLToPath(new URL('../../../docs/api.http', import.meta.url))

interface Written {
  title: string
  name: string | undefined
  status: number
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

/** One request as both editors read it: comments, the request line, headers, an empty line, the body. */
function read(block: string): Written {
  const [title = '', ...lines] = block.split('\n')
  const comments = lines.filter((line) => line.startsWith('#')).join('\n')
  const text = lines.filter((line) => !line.startsWith('#')).join('\n')
  const [head = '', ...body] = text.trim().split('\n\n')
  const [line = '', ...headers] = head.split('\n')
  const [method = '', url = ''] = line.split(' ')
  return {
    title: title.trim(),
    name: /^# @name (\w+)$/m.exec(comments)?.[1],
    status: Number(/^# expect (\d{3})$/m.exec(comments)?.[1]),
    method,
    url,
    headers: Object.fromEntries(headers.map((header) => header.split(': '))),
    body: body.join('\n\n'),
  }
}

const requests = readFileSync(file, 'utf8').split(/^### /m).slice(1).map(read)

let server: ChatServer
beforeAll(async () => {
  server = await startChat()
})
afterAll(() => server.stop())

/** The bodies of the answers so far, by the names of their requests. */
const answers = new Map<string, unknown>()

/** `{{ada.response.body.user.id}}` is what came back for the request of that name. */
function fill(text: string): string {
  return text.replace(/\{\{([^}]+)\}\}/g, (_, variable: string) => {
    if (variable === 'host') return server.url
    if (variable === '$timestamp') return '1700000000'
    const [name = '', response, place, ...path] = variable.split('.')
    if (response !== 'response' || place !== 'body') throw new Error(`what is ${variable}?`)
    const value = path.reduce<unknown>(
      (value, key) => (isObject(value) ? value[key] : undefined),
      answers.get(name),
    )
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`no ${variable}`)
    return String(value)
  })
}

test('the file has the requests that the prototype’s had, and each says what to expect', () => {
  expect(requests.length).toBeGreaterThan(30)
  for (const { title, status, method } of requests)
    expect({ title, status, method }).toEqual({
      title,
      status: expect.toSatisfy((status: number) => status >= 200 && status < 500),
      method: expect.stringMatching(/^(?:GET|POST|PUT|PATCH|DELETE)$/),
    })
})

test.for(requests)('$title: $status', async ({ name, status, method, url, headers, body }) => {
  const filled = Object.entries(headers).map(([name, value]) => [name, fill(value)])
  const reply = await fetch(fill(url), {
    method,
    headers: Object.fromEntries(filled),
    ...(body === '' ? {} : { body: fill(body) }),
  })
  const text = await reply.text()
  expect({ status: reply.status, text }).toEqual({ status, text })
  if (name !== undefined) answers.set(name, JSON.parse(text))
})
