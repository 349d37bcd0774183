import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { UsageError } from "../findings/errors.js";
import type { Report } from "../findings/report.js";
import type { Context } from "./context.js";

/**
 * A report that an earlier command wrote with `--json --output`.
 *
 * @param what as the message names it: `the earlier reading`
 * @param hint how to write one
 * @throws UsageError where the file is not there or is no JSON.
 */
export function readReport({ cwd }: Context, file: string, what: string, hint: string): Partial<Report> {
  try {
    return JSON.parse(readFileSync(resolve(cwd, file), "utf8")) as Partial<Report>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${what} ${file} ${code === "ENOENT" ? "is not there" : `can't be read: ${code ?? message}`}`,
      hint,
    );
  }
}
