import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseDatabaseAddress } from "../../../src/adapters/postgres/address.js";
import { project } from "../../support/project.js";

test("host, port, database, user, password, Prisma's schema", () => {
  expect(
    parseDatabaseAddress(
      "postgresql://u%40x:p%2Fw@db.example.com:6432/app?schema=billing&connection_limit=5&pgbouncer=true",
    ),
  ).toMatchObject({
    host: "db.example.com",
    port: 6432,
    database: "app",
    user: "u@x",
    password: "p/w",
    schema: "billing",
    shown: "app on db.example.com:6432",
  });
  expect(parseDatabaseAddress("postgres://u@localhost/app")).toMatchObject({
    port: 5432,
    password: undefined,
  });
});

test("a Unix socket, and a database with a space or an emoji", () => {
  expect(parseDatabaseAddress("postgresql://u@/app?host=/var/run/postgresql")).toMatchObject({
    host: "/var/run/postgresql",
    shown: "app on /var/run/postgresql",
  });
  expect(parseDatabaseAddress("postgresql://u@localhost/my%20app%F0%9F%9A%9A").database).toBe("my app🚚");
});

test.each([
  ["", { sslMode: "prefer", rejectUnauthorized: false }],
  ["?sslmode=disable", { sslMode: "disable", rejectUnauthorized: false }],
  ["?sslmode=require", { sslMode: "require", rejectUnauthorized: false }],
  ["?sslmode=verify-full", { sslMode: "verify-full", rejectUnauthorized: true }],
  ["?sslmode=no-verify", { sslMode: "require", rejectUnauthorized: false }],
  ["?sslmode=require&sslaccept=strict", { sslMode: "verify-full", rejectUnauthorized: true }],
])("TLS of %s means what it means to libpq and Prisma", (parameters, { sslMode, rejectUnauthorized }) => {
  const address = parseDatabaseAddress(`postgresql://u@h/db${parameters}`);
  expect(address.sslMode).toBe(sslMode);
  expect(address.tls.rejectUnauthorized).toBe(rejectUnauthorized);
});

test("a CA file verifies the certificate, with verify-ca not the name", () => {
  const folder = project({});
  const ca = join(folder, "ca.pem");
  writeFileSync(ca, "CERT");
  const verifyCa = parseDatabaseAddress(`postgresql://u@h/db?sslmode=verify-ca&sslrootcert=${ca}`);
  expect(verifyCa.tls).toMatchObject({ rejectUnauthorized: true, ca: Buffer.from("CERT") });
  expect(verifyCa.tls.checkServerIdentity?.("other", {} as never)).toBe(undefined);
  // Prisma calls the CA sslcert.
  expect(parseDatabaseAddress(`postgresql://u@h/db?sslmode=require&sslcert=${ca}`).tls.ca).toEqual(
    Buffer.from("CERT"),
  );
  expect(() => parseDatabaseAddress("postgresql://u@h/db?sslmode=verify-full&sslrootcert=/nope.pem")).toThrow(
    /sslrootcert.*ENOENT/,
  );
});
