import { relative, sep } from "node:path";

/** Paths are shown relative to the working directory where that is shorter to read. */
export function shownPath(path: string, base: string): string {
  const local = relative(base, path);
  return (local === "" ? "." : local.startsWith("..") ? path : local).split(sep).join("/");
}
