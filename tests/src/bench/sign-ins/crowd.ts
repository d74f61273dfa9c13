/** As a process: signs in with a password of so many bytes, 200 times at once, again and again; it is told by whom to stop. */
const [url = '', size = '0'] = process.argv.slice(2)
// A character of four bytes, where it may have 256 of them; else as many of one.
const password =
  Number(size) <= 1024 ? '\u{1F600}'.repeat(Number(size) / 4) : 'x'.repeat(Number(size))

const statuses = new Map<number, number>()

async function attempt(n: number): Promise<void> {
  const response = await fetch(`${url}/api/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `nobody${n}@example.org`, password }),
  })
  await response.text()
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
}

const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort())
process.stdout.write('ready\n')
while (!stopping.signal.aborted)
  await Promise.allSettled(Array.from({ length: 200 }, (_, n) => attempt(n)))
process.stdout.write(`${JSON.stringify([...statuses])}\n`)
