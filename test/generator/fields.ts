import type { Field, FieldKind, GeneratedApi, IdKind, Resource } from "./description.js";
import type { Random } from "./random.js";
import { misleadingPhrases, phrases, separated } from "./words.js";

const titles = ["name", "title", "subject", "label", "displayName"];
const others: readonly (readonly [string, FieldKind])[] = [
  ["description", "text"],
  ["notes", "text"],
  ["city", "text"],
  ["amount", "number"],
  ["quantity", "number"],
  ["priority", "enum"],
  ["kind", "enum"],
  ["dueDate", "date"],
  ["startsOn", "date"],
  ["contactEmail", "email"],
  ["email", "email"],
];
const enumChoices = [
  ["low", "normal", "high"],
  ["standard", "express"],
  ["INTERNAL", "EXTERNAL", "OTHER"],
];

/** What `code` fields look like; the pattern stands in the document. */
export const codePattern = /^[A-Z]{2,4}-[0-9]{4,8}$/;

/** Fields of one resource: a free text first, then a mixture; some are required. */
export function drawFields(random: Random): {
  fields: Field[];
  title: string;
  uniqueField: string | undefined;
} {
  const title = random.pick(titles);
  const fields: Field[] = [
    { name: title, kind: "text", isRequired: true, maxLength: random.pick([60, 120, 255]) },
  ];
  for (const [name, kind] of random.some(others, random.between(1, 4)))
    fields.push({
      ...{ name, kind, isRequired: random.chance(0.4) },
      ...(kind === "enum" ? { choices: random.pick(enumChoices) } : {}),
      ...(kind === "text" ? { maxLength: 500 } : {}),
    });
  const uniqueKind = random.pick<"code" | "title" | "none">(["code", "code", "title", "none"]);
  if (uniqueKind === "code") fields.push({ name: "code", kind: "code", isRequired: true });
  const uniqueField = { code: "code", title, none: undefined }[uniqueKind];
  return { fields, title, uniqueField };
}

/** References to the resources that stand before this one. */
export function drawReferences(random: Random, targets: readonly Resource[]): Field[] {
  return random.some(targets, 1).flatMap(({ singular }) => {
    if (!random.chance(0.7)) return [];
    const isMany = random.chance(0.25);
    return [
      {
        name: singular + (isMany ? "Ids" : "Id"),
        kind: isMany ? "references" : "reference",
        isRequired: !isMany && random.chance(0.5),
        target: singular,
      } satisfies Field,
    ];
  });
}

/** What one field of a row holds that nobody typed in. References are the caller's. */
export function drawValue(field: Field, random: Random, isMisleading: boolean): unknown {
  switch (field.kind) {
    case "text":
      return `${random.pick(isMisleading ? misleadingPhrases : phrases)} ${random.text("abcdefghkmnpqrstuvwxyz", 8)}`;
    case "number":
      return random.between(1, 5000);
    case "enum":
      return random.pick(field.choices ?? []);
    case "date":
      return `2026-0${random.between(1, 9)}-1${random.between(0, 9)}`;
    case "email":
      return `${random.text("abcdefghkmnp", 8)}@example.com`;
    case "code":
      return `${random.text("ABCDEFGHJKLMNP", 3)}-${random.text("0123456789", 6)}`;
    default:
      return undefined;
  }
}

/** Why a value is refused, undefined where it is not. References are checked where the rows are. */
export function faultOf(field: Field, value: unknown): string | undefined {
  if (value === undefined || value === null) return field.isRequired ? "is required" : undefined;
  switch (field.kind) {
    case "number":
      return typeof value === "number" && value >= 0 ? undefined : "has to be a number, 0 or more";
    case "references":
      return Array.isArray(value) ? undefined : "has to be a list";
    case "reference":
      return typeof value === "string" || typeof value === "number" ? undefined : "has to be an id";
  }
  if (typeof value !== "string" || value === "") return "has to be a text";
  if (field.kind === "text" && value.length > (field.maxLength ?? 500)) return "is too long";
  if (field.kind === "enum" && !field.choices?.includes(value)) return "is none of the choices";
  if (field.kind === "date" && Number.isNaN(Date.parse(value))) return "is no date";
  if (field.kind === "email" && !/^\S+@\S+\.\S+$/.test(value)) return "is no e-mail address";
  if (field.kind === "code" && !codePattern.test(value)) return "has to look like ABC-123456";
  return undefined;
}

/** The name of a field on the wire. */
export function spell({ letterCase }: Pick<GeneratedApi, "letterCase">, name: string): string {
  return letterCase === "snake" ? separated(name, "_") : name;
}

/** A new id. `number` is how many rows there were already: of all tenants, or of one where ids count so. */
export function newId(kind: IdKind, singular: string, number: number, random: Random): string | number {
  const hex = (length: number) => random.text("0123456789abcdef", length);
  const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  switch (kind) {
    case "serial":
    case "tenant-serial":
      return number + 1;
    case "object-id":
      return hex(24);
    case "nanoid":
      return random.text(letters, 21);
    case "prefixed":
      return `${singular.slice(0, 3).toLowerCase()}_${random.text(letters, 16)}`;
    default:
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${random.pick(["8", "9", "a", "b"])}${hex(3)}-${hex(12)}`;
  }
}
