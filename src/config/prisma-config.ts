import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { NotStatic, StaticEvaluator, type StaticValue } from "../adapters/static-module/evaluate.js";
import {
  memberPath,
  type Node,
  nameOf,
  SourceError,
  type SourceModule,
} from "../adapters/static-module/source.js";

/** What `prisma.config.ts` says that matters here. */
export interface PrismaConfig {
  readonly path: string;
  /** Absolute path of the schema file or folder. */
  readonly schema?: string;
  /** Variable in `datasource.url: env("…")` or `process.env.…`. */
  readonly urlVariable?: string;
}

const names = ["ts", "mts", "cts", "js", "mjs", "cjs"].flatMap((extension) => [
  `prisma.config.${extension}`,
  `.config/prisma.${extension}`,
]);

/**
 * Reads a project's `prisma.config.ts` without running it. What can't be known so (a computed path) is left
 * out, and the usual places are tried.
 */
export function readPrismaConfig(folder: string): PrismaConfig | undefined {
  const path = names.map((name) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) return undefined;
  try {
    const evaluator = new StaticEvaluator((shown) => shown);
    const module = evaluator.module(path);
    const config = configObject(module);
    if (!config) return { path };
    const schema = propertyOf(config, "schema");
    const schemaPath = schema && pathOf(evaluator, module, schema);
    const datasource = propertyOf(config, "datasource");
    const url = datasource && propertyOf(datasource, "url");
    const urlVariable = url && variableIn(url);
    return {
      path,
      ...(schemaPath === undefined ? {} : { schema: resolve(dirname(path), schemaPath) }),
      ...(urlVariable === undefined ? {} : { urlVariable }),
    };
  } catch (error) {
    if (error instanceof SourceError || error instanceof NotStatic) return { path };
    throw error;
  }
}

function configObject(module: SourceModule): Node | undefined {
  const exported = module.exports.get("default");
  return exported && "type" in exported ? objectIn(exported as Node, module) : undefined;
}

/** The object literal behind `defineConfig(…)`, `satisfies`, a constant. */
function objectIn(node: Node, module: SourceModule): Node | undefined {
  if (node.type === "ObjectExpression") return node;
  if (node.type === "CallExpression") {
    const [first] = node.arguments as Node[];
    return first && objectIn(first, module);
  }
  if (node.type === "Identifier") {
    const constant = module.constants.get(nameOf(node));
    return constant && objectIn(constant, module);
  }
  return "expression" in node ? objectIn(node.expression as Node, module) : undefined;
}

function propertyOf(object: Node, name: string): Node | undefined {
  if (object.type !== "ObjectExpression") return undefined;
  const property = (object.properties as Node[]).find(
    (candidate) => candidate.type === "Property" && nameOf(candidate.key) === name,
  );
  return property?.value as Node | undefined;
}

/** A string, or `path.join("prisma", "schema.prisma")`; parts such as `__dirname` stand for the config's folder. */
function pathOf(evaluator: StaticEvaluator, module: SourceModule, node: Node): string | undefined {
  if (node.type === "CallExpression" && /(^|\.)(join|resolve)$/.test(memberPath(node.callee as Node) ?? "")) {
    const parts = (node.arguments as Node[]).map((part) =>
      /^(__dirname|import\.meta\.dirname)$/.test(module.text.slice(part.start, part.end))
        ? "."
        : pathOf(evaluator, module, part),
    );
    return parts.every((part) => part !== undefined) ? join(...(parts as string[])) : undefined;
  }
  try {
    const value: StaticValue = evaluator.evaluate(node, module);
    return value.kind === "string" ? value.value : undefined;
  } catch (error) {
    if (error instanceof NotStatic) return undefined;
    throw error;
  }
}

/** The variable of `env("X")`, `process.env.X`, `process.env.X!`, `process.env["X"] ?? …`. */
function variableIn(node: Node): string | undefined {
  if (node.type === "CallExpression" && nameOf(node.callee) === "env") {
    const [first] = node.arguments as Node[];
    return first?.type === "Literal" ? String(first.value) : undefined;
  }
  if (node.type === "MemberExpression") {
    const isEnv = memberPath(node.object as Node) === "process.env";
    return isEnv ? nameOf(node.property) : undefined;
  }
  const inner = (node.expression ?? node.left ?? node.consequent) as Node | undefined;
  return inner && variableIn(inner);
}
