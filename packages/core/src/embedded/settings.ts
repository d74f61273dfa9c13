export type Settings = Readonly<Record<string, string>>

/** For one small machine that Parley shares with other programs: about 200 MB in all. */
const small: Settings = {
  listen_addresses: '127.0.0.1',
  // Only loopback with a password: a socket's path has a length limit that deep projects exceed.
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  effective_cache_size: '512MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '512MB',
  // A message that was answered with 201 survives a power cut.
  fsync: 'on',
  synchronous_commit: 'on',
  // Short statements: compiling them costs more than it saves.
  jit: 'off',
  // SSDs: a random page costs about what a sequential one does.
  random_page_cost: '1.1',
  // The event log and read markers change all the time; look for dead rows every 15 s, not 60.
  autovacuum_naptime: '15s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
}

export const settingArguments = (changes: Settings = {}): string[] =>
  Object.entries({ ...small, ...changes }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
