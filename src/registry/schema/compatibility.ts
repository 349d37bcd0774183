import { type Block, type Statement, scanBlocks } from "./blocks.js";

/**
 * Prisma 7's parser refuses what earlier schemas have. These edits make such a schema readable and change
 * no meaning that an audit needs; they keep every line where it is, so that errors point at the user's file.
 */
const removedProperties: ReadonlySet<string> = new Set(["url", "directUrl", "shadowDatabaseUrl"]);

/** The text with datasource properties blanked that moved to prisma.config.ts, and old names renamed. */
export function modernize(text: string, blocks: readonly Block[] = scanBlocks(text)): string {
  let result = text;
  for (const { keyword, statements } of blocks) {
    if (keyword !== "datasource") continue;
    for (const statement of statements) {
      if (removedProperties.has(statement.name)) result = blank(result, statement);
      if (statement.name === "referentialIntegrity") {
        // Prisma 3 and 4 called it so; the new name is shorter, so it is padded to the same length.
        result = splice(result, statement.start, statement.name.length, "relationMode".padEnd(20));
      }
    }
  }
  return result;
}

/** The text without the preview features named, in every generator block; the others keep their effect. */
export function withoutPreviewFeatures(text: string, features: readonly string[]): string {
  let result = text;
  for (const { keyword, statements } of scanBlocks(text)) {
    if (keyword !== "generator") continue;
    for (const statement of statements) {
      if (statement.name !== "previewFeatures") continue;
      const body = result.slice(statement.start, statement.end);
      result = splice(result, statement.start, body.length, dropListItems(body, features));
    }
  }
  return result;
}

function dropListItems(statement: string, features: readonly string[]): string {
  let body = statement;
  for (const feature of features) {
    const item = new RegExp(`"${feature}"(\\s*,)?`, "g");
    body = body.replace(item, (match) => match.replace(/[^\n]/g, " "));
  }
  // The last item may have gone and left its predecessor's comma.
  return body.replace(/,(\s*)\]/, " $1]");
}

function blank(text: string, { start, end }: Statement): string {
  return splice(text, start, end - start, text.slice(start, end).replace(/[^\n]/g, " "));
}

function splice(text: string, start: number, length: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(start + length);
}
