import type { Config } from './load.ts'
import {
  type Fixed,
  type Optional,
  type SettingName,
  settingNames,
  settings,
  variable,
  yamlName,
} from './settings.ts'

/** A line of the list of settings. */
export interface SettingLine {
  variable: string
  /** Its key in a YAML file. */
  key: string
  description: string
  /** What it may be, to complete "must be …". */
  expected: string
  /** The default, or in words what happens without a value. */
  standard: string
  /** What is in force; secrets are replaced by "(set)". Empty where nothing is set. */
  value: string
}

/** The table of all settings, with the values in force when a config is given. */
export function listSettings(config?: Config): SettingLine[] {
  return settingNames.map((name) => {
    const setting: Fixed<unknown> | Optional<unknown> = settings[name]
    return {
      variable: variable(name),
      key: yamlName(name),
      description: setting.description,
      expected: setting.kind.expected,
      standard: 'default' in setting ? (setting.otherwise ?? setting.default) : setting.otherwise,
      value: config ? shown(config, name) : '',
    }
  })
}

function shown(config: Config, name: SettingName): string {
  const value = config[name]
  if (value === undefined) return ''
  const { secret }: Fixed<unknown> | Optional<unknown> = settings[name]
  if (secret) return '(set)'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return Array.isArray(value) ? value.join(', ') : String(value)
}
