/**
 * How both ends find out that the other one is gone without a word: a machine that lost its power, a
 * network that was cut. An idle connection is asked after some seconds; what was sent must be
 * acknowledged within eight, so that a server lets go of the locks of those who cannot be reached.
 */
export const liveness = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 5_000,
  options:
    '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c tcp_user_timeout=8000',
}
