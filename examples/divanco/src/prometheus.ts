/** Seconds. Fine steps up to 50 ms: a regression of 5 ms has to be visible between two edges. */
const BUCKETS = [
  0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.5,
  1, 2.5, 5,
];

type Labels = Record<string, string>;

export class Counter {
  private readonly values = new Map<string, number>();

  constructor(
    readonly name: string,
    readonly help: string,
    { isLabelled = false } = {},
  ) {
    // A counter without labels is there from the start, so that "none yet" differs from "not measured".
    if (!isLabelled) this.values.set("", 0);
  }

  increment(labels: Labels = {}): void {
    const key = formatLabels(labels);
    this.values.set(key, (this.values.get(key) ?? 0) + 1);
  }

  lines(): string[] {
    const samples = [...this.values].map(([labels, value]) => `${this.name}${labels} ${value}`);
    return [`# HELP ${this.name} ${this.help}`, `# TYPE ${this.name} counter`, ...samples];
  }
}

interface Series {
  labels: Labels;
  counts: number[];
  sum: number;
  count: number;
}

export class Histogram {
  private readonly series = new Map<string, Series>();

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  observe(labels: Labels, value: number): void {
    const key = formatLabels(labels);
    const series = this.series.get(key) ?? { labels, counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
    const bucket = BUCKETS.findIndex((edge) => value <= edge);
    if (bucket >= 0) series.counts[bucket]! += 1;
    series.sum += value;
    series.count += 1;
    this.series.set(key, series);
  }

  lines(): string[] {
    const samples = [...this.series].flatMap(([key, { labels, counts, sum, count }]) => {
      let total = 0;
      const buckets = BUCKETS.map((edge, index) => {
        total += counts[index]!;
        return `${this.name}_bucket${formatLabels({ ...labels, le: String(edge) })} ${total}`;
      });
      const all = `${this.name}_bucket${formatLabels({ ...labels, le: "+Inf" })} ${count}`;
      return [...buckets, all, `${this.name}_sum${key} ${sum}`, `${this.name}_count${key} ${count}`];
    });
    return [`# HELP ${this.name} ${this.help}`, `# TYPE ${this.name} histogram`, ...samples];
  }
}

const formatLabels = (labels: Labels) => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length ? `{${pairs.join(",")}}` : "";
};
