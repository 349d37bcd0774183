import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How the application of a release behaves. */
export type Variant =
  | "good"
  | "crashes"
  | "never ready"
  | "fails after ready"
  | "serves another version"
  /** Well beside the old release, and not in its place. */
  | "crashes in place"
  /** As above: it never sends ready once it is under pm2. */
  | "never ready in place";

export interface Artifact {
  readonly version: string;
  /** `sha256:…` */
  readonly digest: string;
  /** A tar.gz, with its digest in a file of the same name and `.sha256`. */
  readonly path: string;
}

/** A tiny application: /health, /work, `ready` to pm2, and an end that waits for its last requests. */
function source(version: string, variant: Variant): string {
  return `import { createServer } from "node:http";
const variant = ${JSON.stringify(variant)};
const inPlace = process.env.TENANTCTL_CANDIDATE === undefined;
if (variant === "crashes" || (variant === "crashes in place" && inPlace)) throw new Error("broken at start");
const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({
    status: "ok",
    version: variant === "serves another version" ? "0.0.1" : ${JSON.stringify(version)},
    pid: process.pid,
    guard: process.env.TENANT_GUARD_MODE ?? "strict",
    secretIsSet: process.env.APP_SECRET !== undefined,
  }));
});
const isSilent = variant === "never ready" || (variant === "never ready in place" && inPlace);
if (isSilent) setInterval(() => {}, 1000);
else server.listen(Number(process.env.PORT), "127.0.0.1", () => {
  process.send?.("ready");
  if (variant === "fails after ready") setTimeout(() => process.exit(1), 400);
});
process.on("SIGINT", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
`;
}

/** Builds the artifact of a release into a folder. */
export function buildArtifact(folder: string, version: string, variant: Variant = "good"): Artifact {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, "build-"));
  writeFileSync(join(work, "server.mjs"), source(version, variant));
  const path = join(folder, `${version}.tar.gz`);
  execFileSync("tar", ["--create", "--gzip", "--file", path, "--directory", work, "server.mjs"]);
  rmSync(work, { recursive: true });
  const hash = createHash("sha256").update(readFileSync(path)).digest("hex");
  writeFileSync(`${path}.sha256`, `${hash}  ${version}.tar.gz\n`);
  return { version, digest: `sha256:${hash}`, path };
}
