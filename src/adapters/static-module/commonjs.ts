import { memberPath, type Node, nameOf } from "./source.js";

/**
 * What a statement at the top of a module exports the CommonJS way, by name; `default` is the whole of
 * `module.exports`. Undefined where it exports nothing, or what can't be told apart by reading.
 *
 * `module.exports = …`, `exports.X = exports.Y = …`, `Object.assign(module.exports, {…})`
 */
export function commonJsExports(statement: Node): [name: string, value: Node][] | undefined {
  if (statement.type !== "ExpressionStatement") return undefined;
  const expression = statement.expression as Node;
  if (expression.type === "AssignmentExpression") return assigned(expression);
  if (expression.type !== "CallExpression") return undefined;
  const [target, ...sources] = expression.arguments as Node[];
  const callee = memberPath(expression.callee as Node);
  if (!target || !isExports(target)) return undefined;
  // Compilers write it: `Object.defineProperty(exports, "__esModule", { value: true })`.
  if (callee === "Object.defineProperty" && nameOf(sources[0]) === "__esModule") return [];
  if (callee !== "Object.assign") return undefined;
  const properties = sources.flatMap((source) =>
    source.type === "ObjectExpression" ? (source.properties as Node[]) : [source],
  );
  if (!properties.every(({ type, computed }) => type === "Property" && !computed)) return undefined;
  return properties.map((property) => [nameOf(property.key), property.value as Node]);
}

/** True for `module.exports` and `exports`. */
export function isExports(node: Node): boolean {
  return /^(module\.)?exports$/.test(memberPath(node) ?? "");
}

function assigned(expression: Node): [string, Node][] | undefined {
  const names: string[] = [];
  let value: Node = expression;
  while (value.type === "AssignmentExpression" && value.operator === "=") {
    const target = value.left as Node;
    if (isExports(target)) names.push("default");
    else if (target.type === "MemberExpression" && isExports(target.object as Node) && !target.computed) {
      names.push(nameOf(target.property));
    } else return undefined;
    value = value.right as Node;
  }
  return names.length ? names.map((name) => [name, value]) : undefined;
}
