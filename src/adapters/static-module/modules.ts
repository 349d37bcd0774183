import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { NotStatic } from "./not-static.js";
import { parseModule, type SourceModule } from "./source.js";

/** Modules by path, each parsed once, and where their imports lead. */
export class Modules {
  private readonly parsed = new Map<string, SourceModule>();

  /** @param show turns a path into what locations hold */
  constructor(private readonly show: (path: string) => string) {}

  /** @throws SourceError where it can't be read or has a syntax error. */
  open(path: string): SourceModule {
    const known = this.parsed.get(path);
    if (known) return known;
    const parsed = parseModule(path, this.show);
    this.parsed.set(path, parsed);
    return parsed;
  }

  /**
   * The project's own module that an import means.
   *
   * @throws NotStatic for a package, for data such as JSON, or what can't be found; SourceError as `open`.
   */
  own(from: SourceModule, specifier: string): SourceModule {
    const path = this.resolve(from, specifier);
    if (path === undefined || path.includes("/node_modules/")) {
      throw new NotStatic(`${specifier} is not a file of this project`);
    }
    if (!/\.[cm]?[jt]sx?$/.test(path)) throw new NotStatic(`${specifier} is no module, but data`);
    return this.open(path);
  }

  /** Absolute path of the file that an import means, path aliases included; undefined where there is none. */
  resolve(from: SourceModule, specifier: string): string | undefined {
    const near = besides(from.path, specifier);
    if (near) return near;
    const { createJiti } = createRequire(import.meta.url)("jiti") as typeof import("jiti");
    const url = createJiti(from.path, { tsconfigPaths: true }).esmResolve(specifier, { try: true });
    return url?.startsWith("file:") ? fileURLToPath(url) : undefined;
  }
}

/** The plain cases, for which no resolver has to be loaded: the file as named, or `.ts` named as `.js`. */
function besides(path: string, specifier: string): string | undefined {
  if (!/^\.\.?\/.*\.[cm]?[jt]s$/.test(specifier)) return undefined;
  const named = resolve(dirname(path), specifier);
  return [named, named.replace(/js$/, "ts")].find((candidate) => existsSync(candidate));
}
