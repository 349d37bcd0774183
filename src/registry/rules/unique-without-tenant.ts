import type { FindingDraft } from "../../findings/finding.js";
import { isScoped, type RegisteredModel, type RegistryContext } from "../context.js";
import type { Key } from "../schema/types.js";
import { wordsOf } from "../tenancy/words.js";

/**
 * A unique key of a scoped model that spans tenants: an insert that is refused tells A that B has the value.
 * Keys that can't tell are left out: generated values, secrets that nobody guesses (a token, the hash of
 * one), keys that hold the primary key, and keys that hold a foreign key to a row which belongs to one
 * tenant anyway.
 */
export function uniqueWithoutTenant(context: RegistryContext): FindingDraft[] {
  return context.models.flatMap((registered) => {
    const { model, category, tenantField } = registered;
    if (!isScoped(category) || !tenantField || model.kind === "view") return [];
    const spanning = model.keys.filter(
      (key) => key.kind === "unique" && spansTenants(key, registered, context),
    );
    // The same columns may be unique twice, `@unique` and `@@unique`; it is said once.
    const byColumns = new Map(spanning.toReversed().map((key) => [key.fields.join(", "), key]));
    return [...byColumns].reverse().map(([columns, key]) => {
      return {
        rule: "registry/unique-without-tenant" as const,
        subject: { model: model.name, field: columns, table: model.table, ...key.location },
        message: `the unique key (${columns}) of ${model.name} spans tenants: a refused value tells that another tenant has it`,
        remedy: `Make it @@unique([${tenantField.name}, ${columns}]). If the value is secret and random (a token), or must be unique everywhere, say so: /// tenantctl-ignore registry/unique-without-tenant: reason`,
        evidence: { key: key.fields },
      };
    });
  });
}

const secrets: ReadonlySet<string> = new Set(["token", "secret", "nonce"]);
const hashes: ReadonlySet<string> = new Set(["hash", "hashed", "digest"]);
const hashedSecrets: ReadonlySet<string> = new Set(["key", "token", "secret", "password", "apikey"]);

/**
 * A value that nobody can compute or guess: a secret, or the hash of one. Who holds a file can compute its
 * `contentHash`, and learns that another tenant has the same file.
 */
function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const has = (known: ReadonlySet<string>) => words.some((word) => known.has(word));
  return has(secrets) || (has(hashes) && has(hashedSecrets));
}

function spansTenants(
  key: Key,
  { model, tenantField, subScopes }: RegisteredModel,
  { models }: RegistryContext,
): boolean {
  const scopeFields = [tenantField!, ...subScopes.map(({ field }) => field)];
  if (scopeFields.some((field) => key.fields.includes(field.name))) return false;
  const id = model.keys.find(({ kind }) => kind === "id")?.fields ?? [];
  if (id.length > 0 && id.every((field) => key.fields.includes(field))) return false;
  const isGenerated = (name: string) =>
    model.fields.find((field) => field.name === name)?.isGenerated === true;
  if (key.fields.some((name) => isGenerated(name) || isSecretName(name))) return false;
  const ownedParents = models
    .filter(({ path }) => path.kind !== "none" || path.undecided)
    .map((other) => other.model.name);
  return !model.relations.some(
    (relation) =>
      ownedParents.includes(relation.target) && relation.fields.every((field) => key.fields.includes(field)),
  );
}
