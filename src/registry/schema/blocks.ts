/**
 * Where things stand in Prisma schema files. Prisma's own parser (see datamodel.ts) decides what a schema
 * means; it gives no positions, drops `@@ignore` models and does not tell views from models. This scanner
 * adds just that: blocks, statements, lines, comments.
 */
export interface Statement {
  /** First word: a field name, a property name, or `@@index` and the like. */
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly comments: readonly Comment[];
}

export interface Comment {
  readonly text: string;
  readonly line: number;
}

export interface Block {
  readonly keyword: string;
  readonly name: string;
  readonly line: number;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
}

const blockStart = /^[ \t]*(model|view|enum|type|datasource|generator)[ \t]+([A-Za-z][\w-]*)[ \t]*\{/;

/** Scans one file. It never throws: what it can't place is left to the parser's error. */
export function scanBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = splitLines(blankBlockComments(text));
  let comments: Comment[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!;
    const start = blockStart.exec(line.text);
    if (start) {
      const { block, nextIndex } = scanBlock(lines, index, start, comments);
      blocks.push(block);
      index = nextIndex;
      comments = [];
      continue;
    }
    const comment = commentOf(line.text);
    if (comment !== undefined && stripComment(line.text).trim() === "") {
      comments.push({ text: comment, line: index + 1 });
    } else {
      comments = [];
    }
  }
  return blocks;
}

/** Strings and line comments, which hide the start of a block comment, or a block comment itself. */
const hidingOrBlock = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** Block comments as blanks, so that every offset and line stays. */
function blankBlockComments(text: string): string {
  if (!text.includes("/*")) return text;
  return text.replace(hidingOrBlock, (found) =>
    found.startsWith("/*") ? found.replace(/[^\n]/g, " ") : found,
  );
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

function splitLines(text: string): Line[] {
  let offset = 0;
  return text.split("\n").map((line) => {
    const entry = { text: line, offset };
    offset += line.length + 1;
    return entry;
  });
}

function scanBlock(lines: readonly Line[], startIndex: number, start: RegExpExecArray, above: Comment[]) {
  const statements: Statement[] = [];
  let comments: Comment[] = [];
  let index = startIndex;
  // `generator client { provider = "x" }` on one line is not valid Prisma, so statements start below.
  for (index = startIndex + 1; index < lines.length; index += 1) {
    const line = lines[index]!;
    const code = stripComment(line.text);
    const comment = commentOf(line.text);
    if (code.trim() === "}") break;
    if (code.trim() === "") {
      if (comment !== undefined) comments.push({ text: comment, line: index + 1 });
      continue;
    }
    const first = index;
    let body = code;
    let depth = bracketDepth(code);
    while (depth > 0 && index + 1 < lines.length) {
      index += 1;
      const next = stripComment(lines[index]!.text);
      body += "\n" + next;
      depth += bracketDepth(next);
    }
    const leading = code.length - code.trimStart().length;
    const last = lines[index]!;
    if (comment !== undefined) comments.push({ text: comment, line: first + 1 });
    statements.push({
      name: /^@?@?[\w.]+/.exec(code.trimStart())?.[0] ?? "",
      text: body.trim(),
      line: first + 1,
      start: line.offset + leading,
      end: last.offset + stripComment(last.text).trimEnd().length,
      comments,
    });
    comments = [];
  }
  const block: Block = {
    keyword: start[1]!,
    name: start[2]!,
    line: startIndex + 1,
    statements,
    comments: above,
  };
  return { block, nextIndex: index };
}

/** The line without its `//` comment; strings may hold slashes. */
function stripComment(line: string): string {
  const at = commentStart(line);
  return (at < 0 ? line : line.slice(0, at)).replace(/\r$/, "");
}

/** The text of the line's comment without its slashes, or undefined. */
function commentOf(line: string): string | undefined {
  const at = commentStart(line);
  return at < 0 ? undefined : line.slice(at).replace(/^\/+/, "").trim();
}

function commentStart(line: string): number {
  const slashes = line.indexOf("//");
  if (slashes < 0 || !line.slice(0, slashes).includes('"')) return slashes;
  let inString = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (inString && character === "\\") at += 1;
    else if (character === '"') inString = !inString;
    else if (!inString && character === "/" && line[at + 1] === "/") return at;
  }
  return -1;
}

function bracketDepth(code: string): number {
  if (!/[([{)\]}]/.test(code)) return 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < code.length; at += 1) {
    const character = code[at]!;
    if (inString && character === "\\") at += 1;
    else if (character === '"') inString = !inString;
    else if (!inString && "([{".includes(character)) depth += 1;
    else if (!inString && ")]}".includes(character)) depth -= 1;
  }
  return depth;
}

/** Value of a string argument: `map: "x"`, or the first positional one, as in `@@map("x")`. */
export function stringArgument(text: string, name?: string): string | undefined {
  const pattern = name === undefined ? /\(\s*(?:name:\s*)?"((?:[^"\\]|\\.)*)"/ : namedString(name);
  const match = pattern.exec(text);
  return match ? unescaped(match[1]!) : undefined;
}

function namedString(name: string): RegExp {
  return new RegExp(`\\b${name}:\\s*"((?:[^"\\\\]|\\\\.)*)"`);
}

function unescaped(body: string): string {
  return body.replace(/\\(.)/g, "$1");
}

/** Field names in the first `[...]` of a block attribute, without their options: `[a(sort: Desc), b]`. */
export function listedFields(text: string): string[] {
  const open = text.indexOf("[");
  if (open < 0) return [];
  // Options may hold brackets of their own, so they go first.
  const list = text.slice(open + 1).replace(/\((?:[^()]|\([^()]*\))*\)/g, "");
  return list
    .slice(0, list.indexOf("]"))
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}
