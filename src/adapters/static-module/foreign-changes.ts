import type { Modules } from "./modules.js";
import { NotStatic } from "./not-static.js";
import { isPrismaClient } from "./prisma-client.js";
import { type Elsewhere, isElsewhere, SourceError, type SourceModule } from "./source.js";

/** More modules than a registry is made of: what a registry imports beyond is an application. */
const mostModules = 100;

/**
 * Looks for a module that changes what another one exports, in the modules that run when the first is
 * imported.
 *
 * @param used modules that values were taken from
 * @throws NotStatic where one of these is changed from outside.
 */
export function refuseForeignChanges(
  first: SourceModule,
  used: ReadonlySet<SourceModule>,
  modules: Modules,
): void {
  // A module that runs before the only one that has values can't have them yet.
  if (used.size < 2) return;
  for (const module of runBy(first, modules)) {
    for (const [local, imported] of module.imports) {
      const owner = module.changed.has(local) ? ownerOf(module, imported, modules) : undefined;
      if (owner && used.has(owner)) throw new NotStatic(`${local} is changed in ${module.shown}`);
    }
  }
}

/** The project's own modules that an import of the first one runs, itself included. */
function runBy(first: SourceModule, modules: Modules): Set<SourceModule> {
  const found = new Set([first]);
  for (const module of found) {
    for (const specifier of module.runs) {
      const next = found.size < mostModules ? ownOrNothing(module, specifier, modules) : undefined;
      if (next) found.add(next);
    }
  }
  return found;
}

/** The module in which an imported name is declared. */
function ownerOf(
  module: SourceModule,
  { from, name }: Elsewhere,
  modules: Modules,
  hops = 0,
): SourceModule | undefined {
  const next = ownOrNothing(module, from, modules);
  const exported = next?.exports.get(name);
  if (!next || hops > mostModules) return undefined;
  if (exported && isElsewhere(exported)) return ownerOf(next, exported, modules, hops + 1);
  if (exported || name === "*") return next;
  for (const source of next.reexportsAll) {
    const owner = ownerOf(next, { from: source, name }, modules, hops + 1);
    if (owner?.exports.has(name)) return owner;
  }
  return next;
}

/** Packages, a Prisma client and what is no module (a style sheet, say) change nobody's lists. */
function ownOrNothing(module: SourceModule, specifier: string, modules: Modules): SourceModule | undefined {
  if (/^(node:|@prisma\/)/.test(specifier)) return undefined;
  const path = modules.resolve(module, specifier);
  if (path === undefined || !/\.[cm]?[jt]sx?$/.test(path) || path.includes("/node_modules/"))
    return undefined;
  try {
    if (isPrismaClient(path)) return undefined;
    return modules.open(path);
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
