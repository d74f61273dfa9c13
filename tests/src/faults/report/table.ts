import type { CheckReport, Report, Violation } from '../check/report.ts'
import { type Minima, shortfalls, verdict } from '../check/vacuity.ts'
import { entryLine } from './entry-line.ts'
import { columns, mebibytes, milliseconds, replayCommand, spaced, spreadWords } from './words.ts'

/** A run's result as text: what was checked, what is wrong and why, what was measured, how to replay it. */
export function table(report: Report, minima: Minima): string {
  const { seed, faults, seconds, clients } = report.plan
  const missing = shortfalls(report, minima)
  return [
    `Fault run: seed ${seed}, ${seconds} s, ${clients} clients; ${faults.join(', ') || 'no faults'}`,
    '',
    ...checks(report.checks),
    ...report.checks.filter(({ count }) => count > 0).flatMap(violations),
    '',
    'Measured',
    ...indented(columns(measured(report))),
    '',
    'Met',
    ...indented(columns(met(report), [1])),
    ...(missing.length > 0 ? ['', 'Too little was met', ...indented(missing)] : []),
    '',
    conclusion(report, minima),
    `Again: ${replayCommand(report.plan)}`,
    '',
  ].join('\n')
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

function checks(all: readonly CheckReport[]): string[] {
  const rows = all.map(({ id, name, property, looked, count }) => [
    count > 0 ? 'FAILED' : 'ok',
    id,
    name,
    `${looked}`,
    `${count}`,
    property,
  ])
  return columns([['', '', 'check', 'looked at', 'wrong', 'property'], ...rows], [3, 4])
}

function violations({ id, name, count, violations }: CheckReport): string[] {
  const more = count - violations.length
  return [
    '',
    `${id} ${name}: ${count} wrong`,
    ...violations.flatMap(oneViolation),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ]
}

const oneViolation = ({ says, excerpt }: Violation, at: number): string[] => [
  `  ${at + 1}. ${says}`,
  ...excerpt.map((entry) => `     ${entryLine(entry)}`),
]

function measured({ figures }: Report): string[][] {
  const { latency, revocation, recovery, processes, crowds } = figures
  return [
    ['latency outside faults', spreadWords(latency)],
    ...revocation.map(({ slows, bound, spread }) => [
      `revocation, ${slows === 'nothing' ? 'as usual' : `slowed by ${slows}`}`,
      `${spreadWords(spread)}; bound ${milliseconds(bound)}`,
    ]),
    ['recovery', recovery === undefined ? 'from nothing' : milliseconds(recovery)],
    ...crowds.map(({ fault, target, streams, returned, slowest, events }) => [
      `${fault} ${target}`,
      `${events} events to ${streams} streams${returned > 0 ? `; ${returned} came back, the last after ${milliseconds(slowest)}` : ''}`,
    ]),
    ...processes.map(({ process, pid, rss, held, descriptors }) => [
      `${process} (pid ${pid})`,
      `${mebibytes(rss.first)} at first, peak ${mebibytes(rss.peak)}, ${mebibytes(rss.final)} at the end` +
        `${held === undefined ? '' : `, of which ${mebibytes(held)} are in use`}; ` +
        `descriptors ${descriptors.first}, ${descriptors.peak}, ${descriptors.final}`,
    ]),
  ]
}

const met = ({ counters, evidence }: Report): string[][] => [
  ...Object.entries(counters).map(([what, count]) => [spaced(what), `${count}`]),
  ...Object.entries(evidence).map(([fault, count]) => [`met by ${fault}`, `${count}`]),
]

function conclusion(report: Report, minima: Minima): string {
  const wrong = report.checks.filter(({ count }) => count > 0).map(({ id }) => id)
  const how = verdict(report, minima)
  return how === 'failed' ? `FAILED: ${wrong.join(', ')}` : how
}
