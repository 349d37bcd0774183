import type { Application, Category, RegistryEntry } from "../application.js";
import { Dice } from "../dice.js";

const exportNames: Readonly<Record<Category, string>> = {
  "tenant-scoped": "TENANT_SCOPED_MODELS",
  "sub-scoped": "BUSINESS_UNIT_SCOPED_MODELS",
  global: "GLOBAL_MODELS",
  special: "SPECIAL_HANDLING_MODELS",
};

const keys: Readonly<Record<Category, string>> = {
  "tenant-scoped": "tenantScoped",
  "sub-scoped": "subScoped",
  global: "global",
  special: "special",
};

type Lists = readonly (readonly [Category, readonly string[]])[];

/** The application's registry module in one of its spellings, and the files that it imports. */
export function renderRegistry(application: Application): Record<string, string> {
  const { registry, style, unit } = application;
  const dice = new Dice(style.seed);
  const lists = listsOf(registry, unit !== undefined);
  switch (style.registry) {
    case "arrays":
      return { "src/registry.ts": arrays(lists, dice.pick([" as const", " satisfies string[]", ""])) };
    case "sets":
      return { "src/registry.ts": exported(lists, (items) => `new Set<string>([${items}])`) };
    case "spreads":
      return { "src/registry.ts": spreads(lists) };
    case "defineRegistry":
      return { "src/registry.ts": defined(lists) };
    case "commonjs":
      return { "src/registry.cjs": commonJs(lists, dice.chance(0.5)) };
    case "imported":
      return imported(lists, dice.chance(0.5));
    case "modelName":
      return { "src/registry.ts": modelNames(application, lists) };
    case "enum":
      return { "src/registry.ts": enumerated(lists) };
    case "computed":
      return {
        "src/registry.ts": exported(lists, (_, names) => `"${names.join(" ")}".split(" ").filter(Boolean)`),
      };
  }
}

/** What `--registry` names. */
export function registryPath({ style }: Application): string {
  return style.registry === "commonjs" ? "src/registry.cjs" : "src/registry.ts";
}

function listsOf(registry: readonly RegistryEntry[], hasUnits: boolean): Lists {
  const all: readonly Category[] = ["tenant-scoped", "sub-scoped", "global", "special"];
  const named = all.map(
    (category) =>
      [category, registry.filter((entry) => entry.category === category).map(({ name }) => name)] as const,
  );
  return named.filter(([category, names]) => category !== "sub-scoped" || hasUnits || names.length > 0);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\n  "${name}",`).join("");
}

function exported(lists: Lists, value: (items: string, names: readonly string[]) => string): string {
  const lines = lists.map(([category, names]) => {
    return `export const ${exportNames[category]} = ${value(`${quoted(names)}\n`, names)};`;
  });
  return `// Every model in one category.\n${lines.join("\n\n")}\n`;
}

function arrays(lists: Lists, tail: string): string {
  return exported(lists, (items) => `[${items}]${tail}`);
}

/** Constants put together; what the tenant-scoped list takes over from the sub-scoped one is written once. */
function spreads(lists: Lists): string {
  const parts: string[] = [];
  const sorted = [...lists].sort(
    ([left], [right]) => Number(right === "sub-scoped") - Number(left === "sub-scoped"),
  );
  const hasUnits = sorted[0]![0] === "sub-scoped" && sorted[0]![1].length > 0;
  for (const [category, names] of sorted) {
    const half = Math.floor(names.length / 2);
    const constant = keys[category].toUpperCase();
    parts.push(`const ${constant} = [${quoted(names.slice(0, half))}\n] as const;`);
    const isTaken = category === "tenant-scoped" && hasUnits;
    const taken = isTaken ? "...BUSINESS_UNIT_SCOPED_MODELS, " : "";
    parts.push(
      `export const ${exportNames[category]} = Object.freeze([${taken}...${constant},${quoted(names.slice(half))}\n]);`,
    );
  }
  return `${parts.join("\n\n")}\n`;
}

function defined(lists: Lists): string {
  const lines = lists.map(([category, names]) => `  ${keys[category]}: [${quoted(names)}\n  ],`);
  return `import { defineRegistry } from "tenantctl";\n\nexport default defineRegistry({\n${lines.join("\n")}\n});\n`;
}

function commonJs(lists: Lists, asObject: boolean): string {
  const constants = lists.map(
    ([category, names]) => `const ${exportNames[category]} = [${quoted(names)}\n];`,
  );
  const names = lists.map(([category]) => exportNames[category]);
  const tail = asObject
    ? `module.exports = { ${names.join(", ")} };`
    : names.map((name) => `exports.${name} = ${name};`).join("\n");
  return `"use strict";\n${constants.join("\n")}\n${tail}\n`;
}

function imported(lists: Lists, reexportsAll: boolean): Record<string, string> {
  const names = lists.map(([category]) => exportNames[category]).join(", ");
  const own = reexportsAll ? 'export * from "./lists/models";' : `export { ${names} } from "./lists/models";`;
  return { "src/registry.ts": `${own}\n`, "src/lists/models.ts": arrays(lists, " as const") };
}

/** Names that Prisma Client knows by its own list; the others can only be strings. */
function modelNames({ models }: Application, lists: Lists): string {
  const known = new Set(models.map(({ name }) => name));
  const items = (names: readonly string[]) =>
    names.map((name) => `\n  ${known.has(name) ? `Prisma.ModelName.${name}` : `"${name}"`},`).join("");
  const body = exported(lists, (_, names) => `[${items(names)}\n]`);
  return `import { Prisma } from "@prisma/client";\n\n${body}`;
}

function enumerated(lists: Lists): string {
  const names = [...new Set(lists.flatMap(([, each]) => each))];
  const members = names.map((name, index) => `\n  M${index} = "${name}",`).join("");
  const items = (each: readonly string[]) =>
    each.map((name) => `\n  Models.M${names.indexOf(name)},`).join("");
  return `enum Models {${members}\n}\n\n${exported(lists, (_, each) => `[${items(each)}\n]`)}`;
}
