import { Argument, Command } from "commander";
import { ruleIds } from "../findings/rules.js";
import { describeCommands } from "./command-tree.js";
import { completionScript, type Shell, shells } from "./completion-script.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { writeResult } from "./output.js";

/** What the first argument of a command may be, by its path. */
const argumentChoices = { explain: ruleIds, completion: shells } as const;

/** `tenantctl completion <shell>`: a script for the shell's start-up file. */
export function completionCommand(context: Context): Command {
  return new Command("completion")
    .description("shell completion of commands, options and their values")
    .addArgument(new Argument("<shell>", "the shell to write it for").choices(shells))
    .addHelpText(
      "after",
      examples(
        "source <(tenantctl completion bash)    # or a line of ~/.bashrc",
        "source <(tenantctl completion zsh)     # after compinit, in ~/.zshrc",
        "tenantctl completion fish | source     # in ~/.config/fish/config.fish",
      ),
    )
    .action(async (shell: Shell) => {
      const { buildProgram } = await import("./program.js");
      const program = await buildProgram(context, []);
      await writeResult(
        context,
        undefined,
        completionScript(shell, describeCommands(program, argumentChoices)),
      );
    });
}
