/** One value of an answer, and where it stands: `items[0].client.name`. */
export interface Leaf {
  readonly path: string;
  readonly value: string;
}

/** What a body holds. */
export interface Parsed {
  /** The JSON value; undefined where the body is none. */
  readonly json: unknown;
  /** Every value of JSON; of any other text the whole as one leaf. */
  readonly leaves: readonly Leaf[];
}

/** Deeper than any API answers; a body that goes on is cut there. */
const deepest = 60;
const mostLeaves = 200_000;

/** Reads a body as JSON, as JSON lines, or as text. */
export function parseBody(body: string): Parsed {
  if (body.trim() === "") return { json: undefined, leaves: [] };
  const json = asJson(body) ?? asLines(body);
  if (json === undefined) return { json: undefined, leaves: [{ path: "", value: body }] };
  return { json, leaves: leavesOf(json) };
}

/** Every value below a JSON value. */
export function leavesOf(json: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  collect(json, "", 0, leaves);
  return leaves;
}

function collect(value: unknown, path: string, depth: number, leaves: Leaf[]): void {
  if (depth > deepest || leaves.length >= mostLeaves) return;
  if (value === null || ["string", "number", "boolean"].includes(typeof value))
    leaves.push({ path, value: String(value) });
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collect(item, `${path}[${index}]`, depth + 1, leaves);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      collect(item, path === "" ? key : `${path}.${key}`, depth + 1, leaves);
    }
  }
}

function asJson(text: string): unknown {
  if (!/^\s*[[{"\d-]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** One JSON value a line, as exports write it. */
function asLines(text: string): unknown[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const values = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(asJson);
  return values.length > 1 && values.every((value) => value !== undefined) ? values : undefined;
}
