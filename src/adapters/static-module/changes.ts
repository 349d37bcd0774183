import { commonJsExports, isExports } from "./commonjs.js";
import { childrenOf, isFunction, namesIn, Scope } from "./scope.js";
import { copies, holders, parts, resultOf, type Share, sharesOf } from "./shares.js";
import { memberPath, type Node, nameOf } from "./source.js";

const mutators: ReadonlySet<string> = new Set([
  ...["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"],
  ...["add", "delete", "clear", "set"],
]);
const changers: ReadonlySet<string> = new Set([
  ...["Object.assign", "Object.defineProperty", "Object.defineProperties", "Object.setPrototypeOf"],
  ...["Reflect.set", "Reflect.deleteProperty"],
]);
/** Deeper than any registry: an end for names that hold themselves. */
const deepest = 8;

/**
 * Names of a module whose value is changed anywhere in it: assigned, deleted from, or changed by a method,
 * directly, under another name, or by a function of the module that gets it. `exports` stands for what the
 * module exports the CommonJS way.
 */
export function changedNames(body: readonly Node[]): Set<string> {
  const reader = new ChangeReader();
  for (const statement of body) reader.readStatement(statement);
  return reader.changed();
}

interface Call {
  /** The key of a function's name, or the function itself. */
  readonly callee: string | Node;
  readonly scope: Scope;
  readonly passed: readonly (readonly Share[])[];
  /** Nobody uses the result, so it is called for what it does. */
  readonly isStatement: boolean;
}

class ChangeReader {
  private readonly shares = new Map<string, Share[]>();
  private readonly functions = new Map<string, { readonly node: Node; readonly scope: Scope }>();
  private readonly calls: Call[] = [];
  private readonly mutated: Share[] = [];
  private readonly rebound = new Set<string>();

  readStatement(statement: Node): void {
    const exported = commonJsExports(statement);
    if (!exported) this.visit(statement, Scope.module);
    for (const [name, value] of exported ?? []) {
      const shares = sharesOf(value, Scope.module);
      this.share("exports", name === "default" ? shares : holders(shares));
      this.visit(value, Scope.module);
    }
  }

  changed(): Set<string> {
    for (const call of this.calls) this.pass(call);
    const seen = new Set<string>();
    const names = new Set(this.rebound);
    const queue = this.mutated.map(({ key, depth }) => [key, depth] as const);
    for (let next = queue.pop(); next; next = queue.pop()) {
      const [key, at] = next;
      if (at < 0 || at > deepest || seen.has(`${key} ${at}`)) continue;
      seen.add(`${key} ${at}`);
      names.add(key);
      for (const { key: other, depth, least } of this.shares.get(key) ?? []) {
        if (at >= least) queue.push([other, at + depth]);
      }
    }
    return names;
  }

  /** @param inFunction key of the function around it, where that has a name */
  private visit(node: Node, scope: Scope, inFunction?: string): void {
    if (isFunction(node)) {
      this.visitFunction(node, scope);
      return;
    }
    switch (node.type) {
      case "VariableDeclarator":
        this.bind(node.id as Node, sharesOf(node.init as Node | null, scope), scope);
        break;
      case "AssignmentPattern":
        this.bind(node.left as Node, sharesOf(node.right as Node, scope), scope);
        break;
      case "ForOfStatement":
        this.bind(loopPattern(node.left as Node), parts(sharesOf(node.right as Node, scope)), scope);
        break;
      case "ReturnStatement":
        if (inFunction) this.share(resultOf(inFunction), sharesOf(node.argument as Node | null, scope));
        break;
      case "AssignmentExpression":
        this.change(node.left as Node, scope);
        this.bind(node.left as Node, sharesOf(node.right as Node, scope), scope);
        break;
      case "UpdateExpression":
        this.change(node.argument as Node, scope);
        break;
      case "UnaryExpression":
        if (node.operator === "delete") this.change(node.argument as Node, scope);
        break;
      case "ExpressionStatement":
      case "CallExpression":
        this.readCall(node, scope);
        break;
    }
    const declared = functionIn(node);
    if (declared) this.visitFunction(declared.node, scope, scope.keyOf(declared.name));
    else for (const child of childrenOf(node)) this.visit(child, scope, inFunction);
  }

  private visitFunction(node: Node, outer: Scope, key?: string): void {
    const scope = outer.inside(node);
    const name =
      key ?? (node.type === "FunctionDeclaration" ? outer.keyOf(nameOf(node.id ?? {})) : undefined);
    if (name) this.functions.set(name, { node, scope });
    const body = node.body as Node | null;
    if (name && body && body.type !== "BlockStatement") this.share(resultOf(name), sharesOf(body, scope));
    for (const child of childrenOf(node)) this.visit(child, scope, name);
  }

  /** `x = …` gives the name another value; `x.y = …` changes the one that it has. */
  private change(target: Node, scope: Scope): void {
    const names = namesIn(target);
    for (const name of names) this.rebound.add(scope.keyOf(name));
    const inner = unwrapped(target);
    if (isExports(inner)) this.mutated.push(...sharesOf(inner, scope));
    else if (inner.type === "MemberExpression") this.mutated.push(...sharesOf(inner.object as Node, scope));
  }

  private readCall(node: Node, scope: Scope): void {
    const isStatement = node.type === "ExpressionStatement";
    const call = isStatement ? unwrapped(node.expression as Node) : node;
    if (call.type !== "CallExpression") return;
    const callee = unwrapped(call.callee as Node);
    const values = call.arguments as Node[];
    const passed = values.map((value) => sharesOf(value, scope));
    if (callee.type === "Identifier" || isFunction(callee)) {
      const called = isFunction(callee) ? callee : scope.keyOf(nameOf(callee));
      this.calls.push({ callee: called, scope, passed, isStatement });
    }
    if (changers.has(memberPath(callee) ?? "")) this.mutated.push(...(passed[0] ?? []));
    if (callee.type !== "MemberExpression") return;
    const object = callee.object as Node;
    const method = nameOf(callee.property);
    if (mutators.has(method)) this.mutated.push(...sharesOf(object, scope));
    // `Array.prototype.push.apply(list, more)`
    const isIndirect = method === "apply" || method === "call";
    if (isIndirect && object.type === "MemberExpression" && mutators.has(nameOf(object.property))) {
      this.mutated.push(...(passed[0] ?? []));
    }
    const [callback] = values;
    if (callback && isFunction(callback)) {
      const items = parts(sharesOf(object, scope));
      const first = method.startsWith("reduce") ? [passed[1] ?? [], items] : [items];
      this.calls.push({ callee: callback, scope, passed: first, isStatement: false });
    }
  }

  private pass({ callee, scope, passed, isStatement }: Call): void {
    const called =
      typeof callee === "string" ? this.functions.get(callee) : { node: callee, scope: scope.inside(callee) };
    // Another module's function: called for what it does, or with all exports, it may change what it gets.
    if (!called) this.mutated.push(...passed.flat().filter(({ key }) => isStatement || key === "exports"));
    for (const [index, parameter] of (called ? (called.node.params as Node[]) : []).entries()) {
      const isRest = parameter.type === "RestElement";
      const shares = isRest ? passed.slice(index).flatMap((each) => holders(each)) : (passed[index] ?? []);
      this.bind(isRest ? (parameter.argument as Node) : parameter, shares, called!.scope);
    }
  }

  private bind(pattern: Node, shares: readonly Share[], scope: Scope): void {
    switch (pattern.type) {
      case "Identifier":
        this.share(scope.keyOf(nameOf(pattern)), shares);
        break;
      case "AssignmentPattern":
        this.bind(pattern.left as Node, shares, scope);
        break;
      case "RestElement":
        this.bind(pattern.argument as Node, copies(shares), scope);
        break;
      case "ObjectPattern":
      case "ArrayPattern":
        for (const part of (pattern.properties ?? pattern.elements) as (Node | null)[]) {
          if (part?.type === "RestElement") this.bind(part, shares, scope);
          else if (part) this.bind((part.value ?? part) as Node, parts(shares), scope);
        }
    }
  }

  private share(key: string, shares: readonly Share[]): void {
    this.shares.set(key, [...(this.shares.get(key) ?? []), ...shares]);
  }
}

/** `const add = (list) => …` */
function functionIn({ type, id, init }: Node): { node: Node; name: string } | undefined {
  const isNamed = type === "VariableDeclarator" && (id as Node).type === "Identifier";
  return isNamed && init && isFunction(init as Node) ? { node: init as Node, name: nameOf(id) } : undefined;
}

function loopPattern(left: Node): Node {
  return left.type === "VariableDeclaration" ? ((left.declarations as Node[])[0]!.id as Node) : left;
}

/** The expression in `(x as T)!`, `x?.y`. */
function unwrapped(node: Node): Node {
  const isWrapped =
    /^(TS.*Expression|TSTypeAssertion|ParenthesizedExpression|ChainExpression|AwaitExpression)$/;
  const inner = (node.expression ?? node.argument) as Node | undefined;
  return isWrapped.test(node.type) && inner ? unwrapped(inner) : node;
}
