export const colours = {
  ink: '#1f2328',
  faint: '#6e7781',
  rule: '#d8dee4',
  band: '#f6f8fa',
  ok: '#4a9c6d',
  fail: '#d4a72c',
  info: '#cf5a36',
  violation: '#d1242f',
  stream: '#4a7fb5',
  dot: '#3b6ea5',
  slows: { nothing: '#8c6bb1', bell: '#c58b1b', partition: '#b3446c' },
} as const

export const style = `
  text { font: 12px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: ${colours.ink} }
  .title { font-size: 18px; font-weight: 600 }
  .head { font-weight: 600 }
  .faint { fill: ${colours.faint}; font-size: 11px }
  .name { text-anchor: end }
  .red { fill: ${colours.violation} }
`
