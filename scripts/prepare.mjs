/**
 * Makes sure that a clone can run: Node's version, packages, build. Node built-ins only, since nothing may be
 * installed yet. Safe to run twice, beside another run, and after one that was killed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFolder = join(root, ".prepare.lock");
const oldestNode = [20, 19];

/** Says what happens, on stderr, so that stdout stays the command's own. */
export function say(text) {
  process.stderr.write(`prepare: ${text}\n`);
}

/** Ends the script with a reason and the command that mends it. */
export function stop(reason, command) {
  process.stderr.write(`\ncan't go on: ${reason}\n  run: ${command}\n`);
  process.exit(2);
}

/** Node, packages and build. */
export function prepare() {
  checkNode();
  withLock(() => {
    if (!hasPackages()) installPackages();
    if (!isBuilt()) build();
  });
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  stop(
    `Node ${process.versions.node} is too old, ${oldestNode.join(".")} or later is needed`,
    "nvm install 20",
  );
}

/**
 * One run at a time installs and builds; others wait. A lock whose owner is gone is broken, so a killed run
 * stops nobody.
 */
function withLock(work) {
  for (let waited = 0; ; waited += 1) {
    try {
      mkdirSync(lockFolder);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isLockAbandoned()) rmSync(lockFolder, { recursive: true, force: true });
    else {
      if (waited === 0) say("another run is installing or building; waiting for it");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  const release = () => rmSync(lockFolder, { recursive: true, force: true });
  process.once("exit", release);
  writeFileSync(join(lockFolder, "pid"), String(process.pid));
  try {
    work();
  } finally {
    release();
    process.off("exit", release);
  }
}

function isLockAbandoned() {
  try {
    const pid = Number(readFileSync(join(lockFolder, "pid"), "utf8"));
    process.kill(pid, 0);
    return false;
  } catch (error) {
    if (error.code === "ESRCH") return true;
    if (error.code !== "ENOENT") return false;
    // Between mkdir and the pid file there is a moment; after five seconds its maker was killed in it.
    return existsSync(lockFolder) && Date.now() - statSync(lockFolder).mtimeMs > 5000;
  }
}

/** Every package of the lock file that this platform needs is there, in its version: then no network is needed. */
function hasPackages() {
  const installedPath = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedPath)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedPath, "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional, link, peer }]) => {
    if (path === "" || link || !path.includes("node_modules/")) return true;
    if (!installed[path]) return Boolean(optional || peer);
    return installed[path].version === version && existsSync(join(root, path));
  });
}

function installPackages() {
  say("installing packages (npm ci); a minute or so");
  // Install scripts fetch what this project does not use (Prisma's engines), so none is run.
  const flags = ["ci", "--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  const result = npm(flags);
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout}${result.stderr}`);
  stop("npm ci failed, see above", `npm ${flags.join(" ")}`);
}

function npm(args) {
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1e8 };
  const script = process.env.npm_execpath;
  return script?.endsWith("js")
    ? spawnSync(process.execPath, [script, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

function isBuilt() {
  const stamp = join(root, "dist", ".sources");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sourcesHash();
}

/** Compiles `src` to `dist`; the stamp is written last, so a killed build is built again. */
export function build() {
  say("building (tsc)");
  const result = spawnSync(
    process.execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", root],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}`);
    stop("the build failed, see above", "npx tsc -p .");
  }
  writeFileSync(join(root, "dist", ".sources"), sourcesHash());
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const path of [
    ...filesBelow(join(root, "src")),
    join(root, "tsconfig.json"),
    join(root, "package-lock.json"),
  ]) {
    hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}
