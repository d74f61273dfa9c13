#!/usr/bin/env node
// Plain JavaScript that old versions of Node can read: it finds a Node that runs TypeScript.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const needed = 24
const main = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'main.ts')

/** The Node that npm brought, in the nearest node_modules that has one. */
function nodeFromNpm() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  for (let folder = dirname(main); ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', '.bin', name)
    if (existsSync(found)) return found
    if (dirname(folder) === folder) return undefined
  }
}

/** @param {string} node its path */
function runWith(node) {
  // The channel closes when this process dies, whatever the reason, and `parley start` stops then.
  const child = spawn(node, [main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  child.on('error', (error) => refuse(error.message))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  // A terminal sends Ctrl-C to the child as well.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
}

/** @param {string} reason end of a sentence */
function refuse(reason) {
  console.error(`Parley needs Node ${needed} or newer and this is ${process.version}: ${reason}.`)
  process.exit(1)
}

if (Number(process.versions.node.split('.')[0]) >= needed) {
  void import('../src/main.ts')
} else {
  const node = nodeFromNpm()
  if (node) runWith(node)
  else
    refuse(
      'install it from https://nodejs.org, or run npm ci, which brings it on Linux and Windows',
    )
}
