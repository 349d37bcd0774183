import type { Node } from "./source.js";

/** The nodes right below a node, in the order of the source. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof (child as Node | null)?.type === "string") children.push(child as Node);
    }
  }
  return children;
}

export function isFunction({ type }: Node): boolean {
  return (
    type === "ArrowFunctionExpression" || type === "FunctionExpression" || type === "FunctionDeclaration"
  );
}

/** Names that a pattern binds: `a`, `{ a, b: [c] }`, `...rest`. */
export function namesIn(pattern: Node | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name as string];
    case "ObjectPattern":
      return (pattern.properties as Node[]).flatMap((each) => namesIn((each.value ?? each.argument) as Node));
    case "ArrayPattern":
      return (pattern.elements as (Node | null)[]).flatMap(namesIn);
    case "AssignmentPattern":
      return namesIn(pattern.left as Node);
    case "RestElement":
      return namesIn(pattern.argument as Node);
    default:
      return [];
  }
}

/** Names that a function binds itself, in its parameters and its body: blocks are not told apart. */
function ownNames(node: Node): Set<string> {
  const names = new Set((node.params as Node[]).flatMap(namesIn));
  const collect = (inner: Node): void => {
    if (inner.type === "VariableDeclarator" || inner.type === "FunctionDeclaration") {
      for (const name of namesIn(inner.id as Node | null)) names.add(name);
    }
    if (!isFunction(inner)) for (const child of childrenOf(inner)) collect(child);
  };
  if (node.body) collect(node.body as Node);
  return names;
}

/** Where a name is looked up: the module, and the functions around a place in it. */
export class Scope {
  private constructor(
    private readonly names: ReadonlySet<string>,
    private readonly mark: string,
    private readonly outer?: Scope,
  ) {}

  static readonly module = new Scope(new Set(), "");

  inside(node: Node): Scope {
    return new Scope(ownNames(node), `@${node.start}`, this);
  }

  /** A key that no other binding has; for a name of the module it is the name. */
  keyOf(name: string): string {
    if (this.names.has(name)) return name + this.mark;
    return this.outer ? this.outer.keyOf(name) : name;
  }
}
