import { type ScryptOptions, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { sameBytes } from "./token.js";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const COST: ScryptOptions = { N: 16384, r: 8, p: 1 };

/** Compares a password with a stored `scrypt$salt$hash`. Without a stored hash it takes as long, and fails. */
export async function verifyPassword(password: string, stored = "scrypt$$"): Promise<boolean> {
  const [, salt = "", hash = ""] = stored.split("$");
  const expected = Buffer.from(hash, "base64url");
  const actual = await derive(password, Buffer.from(salt, "base64url"), 32, COST);
  return sameBytes(actual, expected);
}
