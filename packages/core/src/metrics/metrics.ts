import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** One answer of an HTTP server. */
export interface Answered {
  method: string
  /** The pattern, never the URL: what was once a label stays in memory. */
  route: string
  status: number
  seconds: number
}

/**
 * What one server counts and measures of itself. A server is a value, so each has a registry of its
 * own. The plural of each kind goes by one label, whose values are known beforehand and are all there
 * from the start, as zeros. Names and units follow Prometheus: base units, `_total` for counters.
 */
export interface Metrics {
  /** How often something happened. */
  counter(name: string, help: string): () => void
  counters<L extends string>(
    name: string,
    help: string,
    label: string,
    values: readonly L[],
  ): (value: L) => void
  /** How a number is spread, in the unit of its buckets. */
  histogram(name: string, help: string, buckets: readonly number[]): (value: number) => void
  histograms<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    label: string,
    values: readonly L[],
  ): (label: L, value: number) => void
  /** A number that is looked up whenever somebody asks. */
  gauge(name: string, help: string, read: () => number): void
  gauges(name: string, help: string, label: string, read: () => Record<string, number>): void
  /** Answers by route, method and the class of their status. */
  answers(name: string, help: string): (answered: Answered) => void
  /** Adds what Node knows of its process, and watches it to the end of the process. */
  watchProcess(): void
  /** All of it, in the text format of Prometheus. */
  text(): Promise<string>
  readonly contentType: string
}

/** Seconds, from what nobody notices to what everybody does. */
export const seconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const

/** Numbers of things, from none to thousands. */
export const numbers = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]

  return {
    counter(name, help) {
      const counter = new Counter({ name, help, registers })
      return () => counter.inc()
    },
    counters(name, help, label, values) {
      const counter = new Counter({ name, help, registers, labelNames: [label] })
      for (const value of values) counter.inc({ [label]: value }, 0)
      return (value) => counter.inc({ [label]: value })
    },
    histogram(name, help, buckets) {
      const histogram = new Histogram({ name, help, registers, buckets: [...buckets] })
      return (value) => histogram.observe(value)
    },
    histograms(name, help, buckets, label, values) {
      const labelNames = [label]
      const histogram = new Histogram({ name, help, registers, buckets: [...buckets], labelNames })
      for (const value of values) histogram.zero({ [label]: value })
      return (by, value) => histogram.observe({ [label]: by }, value)
    },
    gauge: (name, help, read) =>
      registry.registerMetric(
        new Gauge({
          name,
          help,
          registers: [],
          collect() {
            this.set(read())
          },
        }),
      ),
    gauges: (name, help, label, read) =>
      registry.registerMetric(
        new Gauge({
          name,
          help,
          registers: [],
          labelNames: [label],
          collect() {
            for (const [by, value] of Object.entries(read())) this.set({ [label]: by }, value)
          },
        }),
      ),
    answers(name, help) {
      const labelNames = ['method', 'route', 'status']
      const histogram = new Histogram({ name, help, registers, buckets: [...seconds], labelNames })
      return ({ status, seconds, ...where }) =>
        histogram.observe({ ...where, status: `${Math.floor(status / 100)}xx` }, seconds)
    },
    watchProcess: () => collectDefaultMetrics({ register: registry }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
