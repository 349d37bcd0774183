import { expect, test } from "vitest";
import { redactPasswords } from "../../../src/cli/redact.js";

test.each([
  ["unknown command 'postgresql://u:s3cr3t@h/db'", "unknown command 'postgresql://u:[redacted]@h/db'"],
  ["no file postgresql:/u:s3cr3t@h/db", "no file postgresql:/u:[redacted]@h/db"],
  ["redis://:s3cr3t@h and amqps://u:s3cr3t@h", "redis://:[redacted]@h and amqps://u:[redacted]@h"],
  ["postgresql://u:s3@cr/3t'#?@h/db", "postgresql://u:[redacted]@h/db"],
  ["postgresql://u:my s3cr3t@h/db", "postgresql://u:[redacted]@h/db"],
  ["postgresql://u:12345@h/db", "postgresql://u:[redacted]@h/db"],
  ["postgresql://h/db?user=u&password=s3cr3t&x=1", "postgresql://h/db?user=u&password=[redacted]&x=1"],
  ["prisma://accelerate.example/?api_key=s3cr3t", "prisma://accelerate.example/?api_key=[redacted]"],
  ["postgresql://u@h:5432/db, ask a@b", "postgresql://u@h:5432/db, ask a@b"],
  ["http://h:8080/ and http://h:8080, a@b", "http://h:8080/ and http://h:8080, a@b"],
  ["schema.prisma:10: @id; mail a@b", "schema.prisma:10: @id; mail a@b"],
  ["postgresql://USER:PASSWORD@HOST:5432/DATABASE", "postgresql://USER:PASSWORD@HOST:5432/DATABASE"],
])("%s", (text, expected) => {
  expect(redactPasswords(text)).toBe(expected);
});

test("every text of a document, and nothing else of it", () => {
  const document = { a: [{ b: "x://u:s3cr3t@h" }, 1, null, true], c: undefined };
  expect(redactPasswords(document)).toEqual({ ...document, a: [{ b: "x://u:[redacted]@h" }, 1, null, true] });
});
