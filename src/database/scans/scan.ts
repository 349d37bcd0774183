import type { FindingDraft } from "../../findings/finding.js";
import type { AuditedTable } from "../audited-table.js";

/** The check that a scan's answer belongs to. */
export type ScanCheck = "orphans" | "references";

/** One question to the database that reads rows, planned before it is asked. */
export interface Scan {
  readonly table: AuditedTable;
  readonly checks: readonly ScanCheck[];
  /** What is asked, for progress and facts: `assets.tenantId`. */
  readonly title: string;
  /** How the rows are read, and why so. */
  readonly way: string;
  readonly why: string;
  /** Rough number of rows or index entries that will be read: the scheduler starts with the largest. */
  readonly cost: number;
  readonly statement: Statement;
  /** Judges the answer; another scan where this way had to be given up. */
  judge(rows: readonly unknown[]): { readonly drafts: readonly FindingDraft[] } | { readonly instead: Scan };
}

export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** Planner settings that hold for this statement only. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A fact that needs no scan: a constraint proves it. */
export interface Proven {
  readonly check: ScanCheck;
  readonly title: string;
  readonly by: string;
}

/** A fact that can't be had. */
export interface Unseen {
  readonly checks: readonly ScanCheck[];
  readonly title: string;
  readonly reason: string;
}

export interface ScanPlan {
  readonly scans: readonly Scan[];
  readonly proven: readonly Proven[];
  readonly unseen: readonly Unseen[];
}

/** Planner settings that make a plan of index scans, where statistics say that it is the cheaper one. */
export const indexOnly: Readonly<Record<string, string>> = {
  enable_seqscan: "off",
  enable_bitmapscan: "off",
  enable_hashjoin: "off",
  enable_sort: "off",
};

/**
 * Planner settings that let workers take part. The planner expects an anti-join on two columns to return
 * many rows and so to be dear to gather; in a sound database it returns almost none.
 */
export const parallel: Readonly<Record<string, string>> = {
  parallel_tuple_cost: "0",
  parallel_setup_cost: "0",
};
