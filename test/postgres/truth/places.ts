import type { Finding } from "../../../src/findings/finding.js";
import type { Case } from "./case.js";

/**
 * Findings of the registry that do not say where in the user's files they are, or say a line that has nothing
 * to do with them. A registry whose names are computed, or stand in an enum, is only known to the file.
 */
export function misplaced({ files, application }: Case, findings: readonly Finding[]): string[] {
  const { models, style } = application;
  const isIndirect = style.registry === "computed" || style.registry === "enum";
  return findings.flatMap(({ rule, subject, evidence }) => {
    const { file, line, model } = subject;
    if (!rule.startsWith("registry/") && file === undefined) return [];
    const text = files[file ?? ""]?.split("\n")[(line ?? 0) - 1];
    if (text === undefined) return [`${rule} of ${model} is at ${file}:${line}, where there is nothing`];
    if (isIndirect && !file!.endsWith(".prisma")) return [];
    const fields = models.find(({ name }) => name === model)?.fields.map(({ name }) => name) ?? [];
    const words = [model, evidence.listed, ...fields, ...relationsOf(application, model)].map(String);
    return words.some((word) => text.includes(word))
      ? []
      : [`${rule} of ${model} is at ${file}:${line}: ${text.trim()}`];
  });
}

function relationsOf({ models }: Case["application"], model: string | undefined): string[] {
  return models.find(({ name }) => name === model)?.relations.map(({ name }) => name) ?? [];
}
