import { type ServerName, chatNames, notifyNames } from '../../cluster/cluster.ts'
import { type Fault, type Field, during, met } from '../fault.ts'
import { type Step, atStep, busy, steps } from '../steps.ts'

const isStep = (variant: string): variant is Step => steps.some((step) => step === variant)

interface Kill {
  id: string
  name: string
  what: string
  slows: 'nothing' | 'partition'
  /** Kills one and returns what starts it again. */
  kill(field: Field, servers: { chat: ServerName; notify: ServerName }): Promise<Restart>
}

type Restart = () => Promise<void>

/** A fault that kills a process at each step of a send, with SIGKILL. */
const killAtEachStep = ({ id, name, what, slows, kill }: Kill): Fault => ({
  id,
  name,
  what,
  variants: steps,
  smoke: steps,
  seconds: 2.5,
  evidence: 2,
  async run(field, variant) {
    if (!isStep(variant)) throw new Error(`${name} has no variant ${variant}`)
    const { cluster } = field
    const servers = { chat: busy(field, chatNames), notify: busy(field, notifyNames) }
    await during(field, { fault: id, target: variant, slows }, async () => {
      let restart: Restart = async () => undefined
      const held = await atStep(field, variant, servers, async () => {
        restart = await kill(field, servers)
        met(field, id, 'killed')
      })
      if (held > 0) met(field, id, variant)
      await restart()
      await cluster.ready()
    })
  },
})

async function killServer({ cluster }: Field, name: ServerName): Promise<Restart> {
  const server = cluster.servers[name]
  await server.kill()
  return () => server.start()
}

export const killChatServer = killAtEachStep({
  id: 'F01',
  name: 'kill-chat-server',
  what: 'A chat-server is killed with SIGKILL at each step of a send.',
  slows: 'nothing',
  kill: (field, { chat }) => killServer(field, chat),
})

export const killNotifyServer = killAtEachStep({
  id: 'F02',
  name: 'kill-notify-server',
  what: 'A notify-server is killed with SIGKILL at each step of a send.',
  slows: 'nothing',
  kill: (field, { notify }) => killServer(field, notify),
})

export const killPostgres = killAtEachStep({
  id: 'F03',
  name: 'kill-postgres',
  what: 'The postmaster is killed with SIGKILL at each step of a send.',
  slows: 'partition',
  async kill({ cluster }) {
    await cluster.database.stop('kill')
    return () => cluster.database.start()
  },
})
