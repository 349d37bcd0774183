import type { Dice } from "./dice.js";

/** Names of tenant models, with the stems that their columns are named by. */
export const tenantNames: readonly (readonly [string, readonly string[]])[] = [
  ["Tenant", ["tenant"]],
  ["Organization", ["organization", "org"]],
  ["Organisation", ["organisation"]],
  ["Team", ["team"]],
  ["Workspace", ["workspace"]],
  ["Company", ["company"]],
  ["Account", ["account"]],
  ["Merchant", ["merchant"]],
  ["School", ["school"]],
  ["Agency", ["agency"]],
];

export const unitNames: readonly (readonly [string, string])[] = [
  ["BusinessUnit", "businessUnit"],
  ["Branch", "branch"],
  ["Department", "department"],
  ["Division", "division"],
];

export const modelNames: readonly string[] = [
  ...["Asset", "Invoice", "InvoiceLine", "Quotation", "Client", "Contract", "Payment", "Supply", "Report"],
  ...["Ticket", "Document", "Folder", "Note", "Comment", "Tag", "Order", "OrderLine", "Booking", "Vehicle"],
  ...["Contact", "Deal", "Campaign", "Shipment", "Warehouse", "Task", "Project", "Milestone", "Timesheet"],
  ...["Expense", "Attachment", "Webhook", "ApiKey", "AuditEntry", "Message", "Device", "Sensor", "Reading"],
  ...["Group", "Table", "Check", "Reference", "Address", "Category", "Inventory", "Lens", "Status"],
];

export const globalNames: readonly string[] = [
  ...["Country", "Currency", "Plan", "Permission", "FeatureFlag", "Locale", "TaxRate", "User", "Timezone"],
  ...["Module", "Language", "Holiday"],
];

export const fieldNames: readonly string[] = [
  ...[
    "title",
    "notes",
    "amount",
    "dueAt",
    "payload",
    "is_active",
    "rank",
    "score",
    "colour",
    "kind",
    "state",
  ],
  ...["checksum", "startsAt", "weight", "options", "labels", "origin", "limit", "user", "from", "order"],
];

/** The tenant field's name for a stem: `teamId`, `team_id`, `teamID`, `teamUid`. */
export function tenantFieldName(stem: string, dice: Dice): string {
  return dice.weigh({
    [`${stem}Id`]: 6,
    [`${stem}_id`]: 2,
    [`${stem}ID`]: 1,
    [`${stem}Uuid`]: 0.5,
  });
}

export const nameStyles = [
  "plain",
  "snake",
  "upper",
  "spaces",
  "quotes",
  "emoji",
  "reserved",
  "long",
] as const;
export type NameStyle = (typeof nameStyles)[number];

export function rollNameStyle(dice: Dice): NameStyle {
  return dice.weigh({
    plain: 8,
    snake: 8,
    upper: 1,
    spaces: 1,
    quotes: 1,
    emoji: 1,
    reserved: 1,
    long: 1,
  });
}

const reserved = ["user", "order", "group", "select", "table", "column", "check", "primary", "all", "end"];

/** Bytes that PostgreSQL keeps of a name. */
const longest = 63;

/** A name as PostgreSQL keeps it: cut at 63 bytes, never inside a character. */
export function stored(name: string): string {
  let result = "";
  for (const character of name) {
    if (Buffer.byteLength(result + character) > longest) break;
    result += character;
  }
  return result;
}

/**
 * The database's name for something that the schema calls `name`; itself where no `@@map` is wanted. The
 * number keeps names apart where a style loses what tells them apart.
 */
export function databaseName(name: string, style: NameStyle, number: number, dice: Dice): string {
  const snake = snakeCase(name);
  switch (style) {
    case "plain":
      return name;
    case "snake":
      return snake;
    case "upper":
      return snake.toUpperCase();
    case "spaces":
      return `${snake.replaceAll("_", " ")} ${number}`;
    case "quotes":
      return `${name}"s ${number}'`;
    case "emoji":
      return `${dice.pick(["📦", "🏢", "é", "ß", "名"])} ${name}${number}`;
    case "reserved":
      return number < reserved.length ? reserved[number]! : `${snake}_${number}`;
    case "long":
      return filled(`${snake}_${number}_`, dice.pick(["x", "é", "🏢"]));
  }
}

/** The text and as many of the character as 63 bytes hold, to the last byte. */
function filled(text: string, character: string): string {
  let result = text;
  while (Buffer.byteLength(result + character) <= longest) result += character;
  return result + "y".repeat(longest - Buffer.byteLength(result));
}

export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
