import { expect, test as serial } from "vitest";
import { type Answer, type Call, checkThings as check, json, ok, type Row } from "../../support/thing-api.js";

// Each has a server of its own, and mostly waits.
const test = serial.concurrent;

const fields = {
  type: "object",
  required: ["name", "code"],
  properties: { name: { type: "string" }, code: { type: "string", pattern: "^[A-Z]{3}-[0-9]{6}$" } },
};
const paths = {
  "/things": { get: ok, post: { ...ok, requestBody: json(fields) } },
  "/things/{thingId}": { get: ok },
};

/** A creation with a code that is there writes over the row that has it. Ids are numbers, and tell nothing. */
function upserting(looksAt: (row: Row, call: Call) => boolean) {
  let last = 0;
  return (call: Call): Answer => {
    const { method, path, body, tenantId, rows } = call;
    if (method !== "POST" || path !== "/things") return undefined;
    const known = rows.find((row) => row.code === body.code && looksAt(row, call));
    const row = known ?? { id: String(++last), tenantId };
    Object.assign(row, { name: body.name, code: body.code });
    if (!known) rows.push(row);
    return { status: 200, body: row };
  };
}

test.each<[string, (row: Row, call: Call) => boolean, string[]]>([
  ["of any tenant", () => true, ["isolation/unique-conflict POST /things"]],
  ["of the caller's", (row, { tenantId }) => row.tenantId === tenantId, []],
])("an upsert that looks for a code among rows %s", async (_, looksAt, expected) => {
  const { drafts } = await check(paths, upserting(looksAt));
  expect(drafts.map(({ rule, subject }) => `${rule} ${subject.route}`)).toEqual(expected);
});
