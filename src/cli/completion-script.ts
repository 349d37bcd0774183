import type { CommandInfo, OptionInfo } from "./command-tree.js";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** A script that completes commands, options and their values; it runs nothing of tenantctl's. */
export function completionScript(shell: Shell, commands: readonly CommandInfo[]): string {
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

function bashScript(commands: readonly CommandInfo[]): string {
  return `# Completion of tenantctl for bash. Load it with: source <(tenantctl completion bash)
_tenantctl() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${knownPaths(commands)}) path="\${path:+$path }$word" ;;
    esac
  done
  COMPREPLY=()
  case "$prev" in
${valueCases(commands, {
  words: (list) => `COMPREPLY=($(compgen -W "${list}" -- "$cur")); return`,
  files: "compopt -o default 2>/dev/null; return",
  other: "return",
})}
  esac
  case "$path" in
${wordCases(commands, (list) => `words="${list}"`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _tenantctl tenantctl
`;
}

function zshScript(commands: readonly CommandInfo[]): string {
  return `#compdef tenantctl
# Completion of tenantctl for zsh. Load it with: source <(tenantctl completion zsh)
_tenantctl() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" where="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$where $word" in
      ${knownPaths(commands)}) where="\${where:+$where }$word" ;;
    esac
  done
  case "$prev" in
${valueCases(commands, {
  words: (list) => `compadd -- ${list}; return`,
  files: "_files; return",
  other: "return",
})}
  esac
  case "$where" in
${wordCases(commands, (list) => `compadd -- ${list}`)}
  esac
}
if [ "$funcstack[1]" = "_tenantctl" ]; then _tenantctl "$@"; else compdef _tenantctl tenantctl; fi
`;
}

function fishScript(commands: readonly CommandInfo[]): string {
  const lines = commands.flatMap((command) => {
    const at = `-n '__tenantctl_at "${command.path.join(" ")}"'`;
    return [
      ...command.subcommands.map(
        ({ name, description }) => `complete -c tenantctl ${at} -f -a ${name} -d ${quoted(description)}`,
      ),
      ...(command.choices.length
        ? [`complete -c tenantctl ${at} -f -a ${quoted(command.choices.join(" "))}`]
        : []),
      ...command.options.map((option) => `complete -c tenantctl ${at} ${fishOption(option)}`),
    ];
  });
  return `# Completion of tenantctl for fish. Load it with: tenantctl completion fish | source
function __tenantctl_at
  set -l path ""
  for word in (commandline -opc)[2..-1]
    switch "$path $word"
      case ${fishPaths(commands)}
        set path (string trim "$path $word")
    end
  end
  test "$path" = "$argv[1]"
end
complete -c tenantctl -f
${lines.join("\n")}
`;
}

function fishOption({ flag, description, value }: OptionInfo): string {
  const takes =
    value === "none"
      ? ""
      : value === "file"
        ? " -r -F"
        : value === "other"
          ? " -x"
          : ` -x -a ${quoted(value.join(" "))}`;
  return `-l ${flag.slice(2)}${takes} -d ${quoted(description)}`;
}

/** Patterns of `path word` that lead one command deeper. */
function deeper(commands: readonly CommandInfo[]): string[] {
  return commands
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `${path.slice(0, -1).join(" ")} ${path.at(-1)}`);
}

function knownPaths(commands: readonly CommandInfo[]): string {
  return deeper(commands)
    .map((path) => `"${path}"`)
    .join("|");
}

function fishPaths(commands: readonly CommandInfo[]): string {
  return deeper(commands)
    .map((path) => quoted(path))
    .join(" ");
}

/** Cases of a shell's `case` for the option in front of the word: what may stand behind it. */
function valueCases(
  commands: readonly CommandInfo[],
  say: { words: (list: string) => string; files: string; other: string },
): string {
  const options = new Map(commands.flatMap((command) => command.options.map((each) => [each.flag, each])));
  return [...options.values()]
    .filter(({ value }) => value !== "none")
    .map(({ flag, value }) => {
      const what = value === "file" ? say.files : value === "other" ? say.other : say.words(join(value));
      return `    ${flag}) ${what} ;;`;
    })
    .join("\n");
}

function wordCases(commands: readonly CommandInfo[], say: (list: string) => string): string {
  return commands
    .map(({ path, subcommands, choices, options }) => {
      const words = [...subcommands.map(({ name }) => name), ...choices, ...options.map(({ flag }) => flag)];
      return `    "${path.join(" ")}") ${say(words.join(" "))} ;;`;
    })
    .join("\n");
}

function join(value: OptionInfo["value"]): string {
  return typeof value === "string" ? "" : value.join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
