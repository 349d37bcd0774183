import { routeOf } from "./others.js";
import type { Step } from "./workflow.js";

/** Something that happened to a copy of a workflow. */
export type LedgerEvent =
  /** @param values built-in ones that only this copy has, such as its canary */
  | { readonly event: "begun"; readonly values: Readonly<Record<string, string>> }
  /** A change is on its way. */
  | { readonly event: "sending"; readonly step: string; readonly route: string }
  | ({ readonly event: "answered"; readonly step: string; readonly route: string } & Answered)
  /** A step that cleans up has done what it should. */
  | { readonly event: "cleaned"; readonly step: string }
  /** Nothing is left to clean up, as far as steps can. */
  | { readonly event: "finished" };

/** What an answer told of what is there. */
export interface Answered {
  /** It was a change that `sending` had announced. */
  readonly isChange: boolean;
  /** Captured values, secrets left out. */
  readonly captured: Readonly<Record<string, unknown>>;
  readonly made?: { readonly name: string; readonly id: string };
  /** A path whose object is gone, its placeholders filled in. */
  readonly deleted?: string;
}

/** What a copy of a workflow has made, deleted, and sent without an answer yet. */
export class Ledger {
  #made: { readonly text: string; readonly id: string }[] = [];
  readonly #deleted = new Set<string>();
  readonly #cleaned = new Set<string>();
  readonly #underWay: string[] = [];

  /**
   * @param tenant name of the tenant that it is kept for
   * @param write takes down what is told, where that has to outlive the process
   */
  constructor(
    readonly tenant: string,
    readonly write: (event: LedgerEvent) => void = () => {},
  ) {}

  /** The ledger of a copy that has come so far. */
  static after(tenant: string, events: readonly LedgerEvent[], write: Ledger["write"]): Ledger {
    const ledger = new Ledger(tenant, write);
    for (const event of events) ledger.#apply(event);
    return ledger;
  }

  /** `a: POST /api/v1/quotations, quotation 0a51…`, one a thing that is still there. */
  get left(): string[] {
    return this.#made.map(({ text }) => text);
  }

  /** Changes that were sent and not answered: nobody knows what came of them. */
  get unsure(): readonly string[] {
    return this.#underWay;
  }

  begin(values: Readonly<Record<string, string>>): void {
    this.#tell({ event: "begun", values });
  }

  sending({ name, request }: Step): void {
    this.#tell({ event: "sending", step: name, route: routeOf(request) });
  }

  answered({ name, request }: Step, answered: Answered): void {
    this.#tell({ event: "answered", step: name, route: routeOf(request), ...answered });
  }

  cleaned({ name }: Step): void {
    this.#tell({ event: "cleaned", step: name });
  }

  finish(): void {
    this.#tell({ event: "finished" });
  }

  isDeleted(path: string): boolean {
    return this.#deleted.has(path);
  }

  isCleaned({ name }: Step): boolean {
    return this.#cleaned.has(name);
  }

  #tell(event: LedgerEvent): void {
    this.write(event);
    this.#apply(event);
  }

  #apply(event: LedgerEvent): void {
    if (event.event === "sending") this.#underWay.push(`${this.tenant}: ${event.route}`);
    else if (event.event === "cleaned") this.#cleaned.add(event.step);
    else if (event.event === "answered") this.#applyAnswer(event);
  }

  #applyAnswer({ route, isChange, made, deleted }: Answered & { readonly route: string }): void {
    if (isChange) this.#underWay.pop();
    if (made) this.#made.push({ text: `${this.tenant}: ${route}, ${made.name} ${made.id}`, id: made.id });
    if (deleted === undefined) return;
    this.#deleted.add(deleted);
    const parts = deleted.split("/");
    this.#made = this.#made.filter(({ id }) => !parts.includes(encodeURIComponent(id)));
  }
}
