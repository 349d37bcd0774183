import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { commandLines } from "../../../src/render/command-lines.js";

const body = `'{"name":"two words","it":"Ann'\\''s \\ lift"}'`;
const command = `printf '%s\\n' -sS -X POST -H "Authorization: Bearer \${TOKEN_A:-none given}" -H 'X-Tenant-ID: 0a51c7b0-1111-4a6e-9d55-9f4c2f0d7a01' --data ${body} 'http://127.0.0.1:3000/api/v1/assets?x=1&y=a%20b'`;
const run = (text: string) => execFileSync("/bin/sh", ["-c", text], { encoding: "utf8" });

test.each([40, 80, 120])("a command at %i columns says the same to a shell as on one line", (width) => {
  const lines = commandLines(command, width, "      ");
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.slice(0, -1).every((line) => line.endsWith(" \\"))).toBe(true);
  expect(run(lines.join("\n"))).toBe(run(command));
});

test("at 80 columns no line is wider, and an option stands beside its value", () => {
  const lines = commandLines(command, 80, "      ");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.some((line) => /-H 'X-Tenant-ID: .*'/.test(line))).toBe(true);
});

test("a short one stays on its line", () => {
  expect(commandLines("curl -sS 'http://localhost/x'", 80, "  ")).toEqual([
    "  curl -sS 'http://localhost/x'",
  ]);
});
