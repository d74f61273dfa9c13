import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@parley/core/testing/free-port'
import { until } from '@parley/core/testing/until'

const program = process.env['NGINX_PATH'] ?? '/usr/sbin/nginx'

export interface Nginx {
  url: string
  /** What is put there can be had. */
  folder: string
  stop(): Promise<void>
}

/** One worker that hands files to the kernel and asks nobody who may see them; undefined where there is none. */
export async function startNginx(): Promise<Nginx | undefined> {
  if (!existsSync(program)) return undefined
  const home = await mkdtemp(join(tmpdir(), 'parley-nginx-'))
  const folder = join(home, 'files')
  await mkdir(folder)
  const port = await freePort()
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(home, name)};`,
  )
  await writeFile(
    join(home, 'nginx.conf'),
    `daemon off; pid ${join(home, 'pid')}; worker_processes 1; error_log ${join(home, 'errors')};
    user ${process.getuid?.() === 0 ? 'root' : 'nobody'};
    events { worker_connections 256; }
    http { ${places.join(' ')} access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
      default_type application/octet-stream;
      server { listen 127.0.0.1:${port}; root ${folder}; } }`,
  )
  const child = spawn(program, ['-p', home, '-c', join(home, 'nginx.conf')], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  await until(
    () =>
      fetch(url)
        .then(() => true)
        .catch(() => false),
    { what: 'nginx' },
  )
  return {
    url,
    folder,
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      await rm(home, { recursive: true, force: true })
    },
  }
}
