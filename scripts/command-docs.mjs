/** `npm run docs`: writes docs/commands/ from the commands' own help. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare, root } from "./prepare.mjs";

const folder = join(root, "docs", "commands");

/** Each page's name and text. */
export async function commandPages() {
  const { buildProgram } = await import("../dist/cli/program.js");
  const { describeCommands } = await import("../dist/cli/command-tree.js");
  const { readVersion } = await import("../dist/cli/context.js");
  const program = await buildProgram({ stdout: process.stdout, version: readVersion() }, []);
  const commands = describeCommands(program);
  const leaves = commands.filter(({ subcommands }) => subcommands.length === 0);
  const pages = new Map(leaves.map((command) => [`${command.path.join("-")}.md`, page(command)]));
  pages.set("README.md", index(leaves));
  return pages;
}

function page({ path, description, help }) {
  return `# tenantctl ${path.join(" ")}

${sentence(description)}

\`\`\`text
${help}
\`\`\`
`;
}

function index(commands) {
  const lines = commands.map(
    ({ path, description }) => `- [tenantctl ${path.join(" ")}](${path.join("-")}.md): ${description}`,
  );
  return `# Commands

Each page is the command's own \`--help\`; \`npm run docs\` writes them, and the tests check that they are
current.

${lines.join("\n")}
`;
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

async function main() {
  prepare();
  const pages = await commandPages();
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
  for (const [name, text] of pages) {
    const path = join(folder, name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
  process.stdout.write(`docs: ${pages.size} pages in docs/commands\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
