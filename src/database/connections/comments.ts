/** Characters of a statement that are looked at from either end: the server shows 1,024 bytes by default. */
const looked = 4096;

/** Comments before and after a statement's own text, without their marks. */
export function edgeComments(text: string): string[] {
  return [...leading(text.slice(0, looked)), ...trailing(text.slice(-looked))];
}

function leading(text: string): string[] {
  const found: string[] = [];
  let rest = text.trimStart();
  for (;;) {
    const isBlock = rest.startsWith("/*");
    if (!isBlock && !rest.startsWith("--")) return found;
    const end = rest.indexOf(isBlock ? "*/" : "\n", 2);
    if (end < 0) return found;
    found.push(rest.slice(2, end));
    rest = rest.slice(end + (isBlock ? 2 : 1)).trimStart();
  }
}

function trailing(text: string): string[] {
  const found: string[] = [];
  let rest = text.trimEnd();
  if (rest.endsWith(";")) rest = rest.slice(0, -1).trimEnd();
  while (rest.endsWith("*/")) {
    const start = rest.lastIndexOf("/*", rest.length - 4);
    if (start < 0) return found;
    found.push(rest.slice(start + 2, -2));
    rest = rest.slice(0, start).trimEnd();
  }
  return found;
}
