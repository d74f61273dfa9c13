import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { embeddedRoles, owner, passwordOf } from '../embedded/url.ts'
import { template } from './template.ts'

export interface TestDatabase {
  /** The superuser's, for what a test does by hand. */
  url: string
  /** What a chat-server is given, and a notify-server: they may do no more than where Parley runs. */
  appUrl: string
  notifyUrl: string
  /** Removes the database; connections that are still open are closed. */
  drop(): Promise<void>
}

/** The same database for another role of the embedded cluster. */
export function asRole(url: string, role: string): string {
  const { password } = new URL(url)
  return Object.assign(new URL(url), { username: role, password: passwordOf(password, role) }).href
}

/** A database of one test file's own, with all migrations applied: a clone takes some 50 ms. */
export async function createTestDatabase(from: string = template): Promise<TestDatabase> {
  const server = inject('postgresUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  // File copies of a small template are faster than writing it through the log.
  await run(server, `create database ${name} owner ${owner} template ${from} strategy file_copy`)
  const url = server.replace(/(?<=\/)[^/]*$/, name)
  return {
    url,
    appUrl: asRole(url, embeddedRoles.app),
    notifyUrl: asRole(url, embeddedRoles.notify),
    drop: () => run(server, `drop database if exists ${name} with (force)`),
  }
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
