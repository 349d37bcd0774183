import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
// @ts-expect-error a script, without types
import { commandPages } from "../../../scripts/command-docs.mjs";

const folder = new URL("../../../docs/commands/", import.meta.url);
const pages = (await commandPages()) as Map<string, string>;

test("docs/commands has each command's page, as its help is today; npm run docs writes them", () => {
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) expect(readFileSync(new URL(name, folder), "utf8"), name).toBe(text);
});

test("every command has an example of itself in its help, and every line of that fits 80 columns", () => {
  for (const [name, text] of pages) {
    if (name === "README.md") continue;
    const title = /^# (.+)$/m.exec(text)![1]!;
    const [help = "", shown = ""] = /```text\n([\s\S]*)```/.exec(text)![1]!.split("Examples:");
    expect(shown, name).toContain(title);
    expect(
      help.split("\n").filter((line) => line.length > 80),
      name,
    ).toEqual([]);
  }
});
