import type { Command, Option } from "commander";

/** One command of the tree, as documentation and shell completion need it. */
export interface CommandInfo {
  /** `["db", "orphans"]`; empty for tenantctl itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionInfo[];
  /** What its first argument may be, where that is known. */
  readonly choices: readonly string[];
  readonly help: string;
}

export interface OptionInfo {
  /** `--format` */
  readonly flag: string;
  readonly description: string;
  /** What stands behind it: nothing, one of these, a file, or a word that nobody can guess. */
  readonly value: "none" | readonly string[] | "file" | "other";
}

/** Every command below one, itself first, hidden ones left out. */
export function describeCommands(
  command: Command,
  choicesOf: Readonly<Record<string, readonly string[]>> = {},
  path: readonly string[] = [],
): CommandInfo[] {
  const visible = command.createHelp().visibleCommands(command);
  const children = visible.filter((child) => child.name() !== "help");
  const info: CommandInfo = {
    path,
    description: command.description(),
    subcommands: children.map((child) => ({ name: child.name(), description: child.description() })),
    options: command.createHelp().visibleOptions(command).flatMap(describeOption),
    choices: choicesOf[path.join(" ")] ?? [],
    help: helpOf(command),
  };
  return [info, ...children.flatMap((child) => describeCommands(child, choicesOf, [...path, child.name()]))];
}

function describeOption(option: Option): OptionInfo[] {
  if (!option.long) return [];
  return [{ flag: option.long, description: option.description, value: behind(option) }];
}

function behind({ argChoices, required, optional, flags }: Option): OptionInfo["value"] {
  if (argChoices) return argChoices;
  if (!required && !optional) return "none";
  return /<(file|path)>|\[file\]/.test(flags) ? "file" : "other";
}

/** The help as it is printed at 80 columns, with the examples at its end. */
function helpOf(command: Command): string {
  let text = "";
  const before = command.configureOutput();
  command.configureOutput({ ...before, writeOut: (part) => (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  command.configureOutput(before);
  return text.trimEnd();
}
