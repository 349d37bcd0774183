import type { Dice } from "./dice.js";

/** A value as it is written to SQL; numbers and text alike become literals. */
export type Value = string | number | boolean | null;

/** A Prisma scalar with its native type, and the PostgreSQL type that stands for it. */
export interface Scalar {
  readonly prisma: string;
  readonly native?: string;
  readonly sql: string;
  readonly isList?: boolean;
  readonly isEnum?: boolean;
  value(dice: Dice, number: number): Value;
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

function word(dice: Dice, length: number): string {
  return Array.from({ length }, () => letters[dice.below(letters.length)]).join("");
}

function uuid(dice: Dice): string {
  const hex = Array.from({ length: 32 }, () => dice.below(16).toString(16)).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

/** Types of keys. `value` never repeats itself within a number. */
export const keyTypes = {
  int: { prisma: "Int", sql: "integer", value: (_, number) => number },
  bigint: { prisma: "BigInt", sql: "bigint", value: (_, number) => 2 ** 33 + number },
  uuid: { prisma: "String", native: "Uuid", sql: "uuid", value: uuid },
  text: { prisma: "String", sql: "text", value: (dice, number) => `c${word(dice, 8)}${number}` },
  varchar: {
    prisma: "String",
    native: "VarChar(40)",
    sql: "character varying(40)",
    value: (dice, number) => `${word(dice, 5)}-${number}`,
  },
} as const satisfies Record<string, Scalar>;

export type KeyType = keyof typeof keyTypes;

/** A type of the same family: a foreign key can join the two, and no rule tells them apart. */
export function kinOf(type: Scalar, dice: Dice): Scalar {
  if (type === keyTypes.text && dice.chance(0.1)) return keyTypes.varchar;
  if (type === keyTypes.varchar && dice.chance(0.1)) return keyTypes.text;
  return type;
}

export const textType: Scalar = {
  prisma: "String",
  sql: "text",
  value: (dice, number) => `${word(dice, 4)} ${number}`,
};

/** Types of columns that no rule is about. */
export const plainTypes: readonly Scalar[] = [
  textType,
  {
    prisma: "String",
    native: "VarChar(80)",
    sql: "character varying(80)",
    value: (_, number) => `it's ${number}`,
  },
  { prisma: "Boolean", sql: "boolean", value: (dice) => dice.chance(0.5) },
  { prisma: "Int", native: "SmallInt", sql: "smallint", value: (dice) => dice.below(100) },
  { prisma: "Float", sql: "double precision", value: (dice) => dice.below(1000) / 8 },
  { prisma: "Decimal", sql: "numeric(65,30)", value: (dice) => dice.below(10_000) / 100 },
  { prisma: "Decimal", native: "Decimal(10, 2)", sql: "numeric(10,2)", value: (dice) => dice.below(99) },
  { prisma: "DateTime", sql: "timestamp(3)", value: (dice) => `2026-01-0${dice.between(1, 9)}` },
  { prisma: "DateTime", native: "Timestamptz(6)", sql: "timestamptz(6)", value: () => "2026-02-14 10:00Z" },
  { prisma: "DateTime", native: "Date", sql: "date", value: () => "2026-02-14" },
  { prisma: "Json", sql: "jsonb", value: (_, number) => JSON.stringify({ number, quote: '"' }) },
  { prisma: "Bytes", sql: "bytea", value: () => "\\x00ff" },
  { prisma: "String", sql: "text[]", isList: true, value: () => "{a,b}" },
  { prisma: "Int", sql: "integer[]", isList: true, value: () => "{1,2}" },
];

/** What Prisma can't name. It stays optional: Prisma Client could not write it. */
export const unsupportedType: Scalar = {
  prisma: 'Unsupported("tsvector")',
  sql: "tsvector",
  value: () => "a b",
};

export function enumType(name: string, quoted: string): Scalar {
  return { prisma: name, sql: quoted, isEnum: true, value: (dice) => dice.pick(["OPEN", "CLOSED"]) };
}
