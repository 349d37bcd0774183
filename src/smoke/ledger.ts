import { routeOf } from "./others.js";
import type { RequestTemplate } from "./workflow.js";

/** Something that a step made, until one deletes it. */
interface Made {
  readonly text: string;
  readonly id: string;
}

/** What a copy of a workflow has made, deleted, and sent without an answer yet. */
export class Ledger {
  #made: Made[] = [];
  readonly #deleted = new Set<string>();
  readonly #underWay: string[] = [];

  /** @param tenant name of the tenant that it is kept for */
  constructor(readonly tenant: string) {}

  /** `a: POST /api/v1/quotations, quotation 0a51…`, one a thing that is still there. */
  get left(): string[] {
    return this.#made.map(({ text }) => text);
  }

  /** Changes that were sent and not answered: nobody knows what came of them. */
  get unsure(): readonly string[] {
    return this.#underWay;
  }

  sending(request: RequestTemplate): void {
    this.#underWay.push(`${this.tenant}: ${routeOf(request)}`);
  }

  answered(): void {
    this.#underWay.pop();
  }

  /** @param name of the captured value; @param id the value itself */
  made(request: RequestTemplate, name: string, id: string): void {
    this.#made.push({ text: `${this.tenant}: ${routeOf(request)}, ${name} ${id}`, id });
  }

  /** @param path with its placeholders filled in */
  deleted(path: string): void {
    this.#deleted.add(path);
    const parts = path.split("/");
    this.#made = this.#made.filter(({ id }) => !parts.includes(encodeURIComponent(id)));
  }

  isDeleted(path: string): boolean {
    return this.#deleted.has(path);
  }
}
