import { isRuleId } from "../../findings/rules.js";
import type { Comment } from "./blocks.js";
import type { InlineSuppression } from "./types.js";

const marker = /^tenantctl-ignore\b/;
const shape = /^tenantctl-ignore\s+([\w/,\s-]+?)\s*:\s*(.*)$/;
/** `until: DATE`, or `until` and something that begins like one; any other "until" is a word of the reason. */
const untilShape = /[,;(]?\s*\buntil\b\s*(?:[:=]\s*([^\s)]*)|(\d[\d./-]*))\)?/i;

/**
 * Collects the `/// tenantctl-ignore rule: reason` comments of one file, with `until: 2026-12-31` anywhere in
 * the reason. One that can't be understood, or stands where nothing takes it, suppresses nothing, and a note
 * says so.
 */
export class SuppressionReader {
  private readonly readLines = new Map<number, InlineSuppression[]>();

  constructor(
    private readonly file: string,
    private readonly text: string,
    private readonly notes: string[],
  ) {}

  /** The suppressions among the comments above something. */
  read(comments: readonly Comment[]): InlineSuppression[] {
    return comments.filter(({ text }) => marker.test(text)).flatMap((comment) => this.one(comment));
  }

  /** Notes the comments that stand above nothing. To be called when everything was read. */
  finish(): void {
    for (const [index, line] of this.text.split("\n").entries()) {
      if (!/\/\/\/?\s*tenantctl-ignore\b/.test(line) || this.readLines.has(index + 1)) continue;
      this.note(index + 1, "it stands above no model, field or key");
    }
  }

  /** The same comment may stand above several columns; it is understood, and noted, once. */
  private one(comment: Comment): InlineSuppression[] {
    const known = this.readLines.get(comment.line);
    if (known) return known;
    const understood = this.understand(comment);
    this.readLines.set(comment.line, understood);
    return understood;
  }

  private understand({ text, line }: Comment): InlineSuppression[] {
    const [, rulesText = "", rest = ""] = shape.exec(text) ?? [];
    const [, marked, bare] = untilShape.exec(rest) ?? [];
    const until = marked ?? bare;
    const reason = rest.replace(untilShape, "").trim();
    const named = rulesText
      .split(",")
      .map((rule) => rule.trim())
      .filter(Boolean);
    const unknown = named.filter((rule) => !isRuleId(rule));
    if (unknown.length > 0) return this.note(line, `no rule is called ${unknown.join(", ")}`);
    if (named.length === 0 || reason === "") return this.note(line, "it needs a rule and a reason");
    if (until !== undefined && !isDate(until)) {
      return this.note(line, `its end is no date: write until: 2026-12-31, not ${until || "nothing"}`);
    }
    const { file } = this;
    return named.map((rule) => ({ rule, reason, file, line, ...(until === undefined ? {} : { until }) }));
  }

  private note(line: number, why: string): [] {
    this.notes.push(`${this.file}:${line}: this tenantctl-ignore suppresses nothing: ${why}`);
    return [];
  }
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}
