/** The embedded cluster's only role. It owns the database and may do everything in it. */
export const superuser = 'parley'
/** The database inside the cluster that Parley uses. */
export const database = 'parley'

export const urlOf = (port: number, password: string, name = database): string =>
  `postgres://${superuser}:${password}@127.0.0.1:${port}/${name}`
