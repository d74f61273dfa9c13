import { StartError } from '../start-error.ts'
import { crossCheck } from './cross-check.ts'
import { readSettingsFile } from './file.ts'
import {
  type Fixed,
  type Optional,
  type SettingName,
  type Settings,
  settingNames,
  settings,
  variable,
  yamlName,
} from './settings.ts'

/** Every setting as the table has it; undefined where the table has no default. */
export type Values = {
  readonly [Name in SettingName]: Settings[Name] extends Fixed<infer T>
    ? T
    : Settings[Name] extends Optional<infer T>
      ? T | undefined
      : never
}

type Derived = 'publicUrl' | 'eventsUrl' | 'allowedOrigins'

/** All settings, checked, with nothing left to decide. Frozen. */
export interface Config extends Omit<Values, Derived> {
  readonly publicUrl: string
  readonly eventsUrl: string
  readonly allowedOrigins: readonly string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings from the environment and from the YAML file that PARLEY_CONFIG names; the
 * environment wins, and an empty text counts as not set. Throws one StartError that names
 * everything that is wrong.
 */
export function loadConfig(environment: Environment, file = environment['PARLEY_CONFIG']): Config {
  const { values: written, problems } = file
    ? readSettingsFile(file)
    : { values: new Map<string, string>(), problems: [] }
  problems.push(...unknownNames(environment, written.keys(), file))
  const values: Record<string, unknown> = {}
  for (const name of settingNames) {
    const { kind, secret, ...rest }: Fixed<unknown> | Optional<unknown> = settings[name]
    const source = environment[variable(name)] ? variable(name) : `${yamlName(name)} in ${file}`
    const text = environment[variable(name)] || written.get(yamlName(name))
    const standard = 'default' in rest ? kind.parse(rest.default) : undefined
    const value = text ? kind.parse(text) : standard
    if (text && value === undefined)
      problems.push(`${source} must be ${kind.expected}${secret ? '' : `, not "${text}"`}.`)
    // Goes on with the default, to find what else is wrong.
    values[name] = value ?? standard
  }
  // The one place where the table's types are trusted: each value came from its own parser.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const config = complete(values as Values)
  problems.push(...crossCheck(config))
  if (problems.length > 0)
    throw new StartError(['Parley cannot start with these settings:', ...problems].join('\n  '))
  return config
}

function complete(values: Values): Config {
  const publicUrl = values.publicUrl ?? `http://localhost:${values.chatPort}`
  const events = new URL(publicUrl)
  events.port = String(values.notifyPort)
  const { eventsUrl = events.origin, allowedOrigins = Object.freeze([]) } = values
  return Object.freeze({ ...values, publicUrl, eventsUrl, allowedOrigins })
}

function* unknownNames(
  environment: Environment,
  keys: Iterable<string>,
  file: string | undefined,
): Generator<string> {
  const variables = new Set(['PARLEY_CONFIG', ...settingNames.map(variable)])
  for (const name of Object.keys(environment))
    if (name.startsWith('PARLEY_') && !variables.has(name)) yield `${name} is not a setting.`
  const known = new Set(settingNames.map(yamlName))
  for (const key of keys) if (!known.has(key)) yield `${key} in ${file} is not a setting.`
}
