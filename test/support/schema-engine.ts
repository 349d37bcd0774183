import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

interface SchemaEngine {
  diff(parameters: object): Promise<{ exitCode: number; stdout: string }>;
  free(): void;
}

interface Bindings {
  SchemaEngine: {
    new: (options: object, log: (message: string) => void, adapter: object) => Promise<SchemaEngine>;
  };
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** PostgreSQL's `"char"`, which Prisma's adapter does not know and its engine asks for. */
const charType = 18;

/**
 * The SQL of the migration that Prisma would make next, from what a database has to what a schema says; empty
 * where there is none. By Prisma's own schema engine, in its WebAssembly build, which needs no binary.
 */
export async function nextMigration(url: string, schema: string): Promise<string> {
  return diff(url, schema, { tag: "schemaDatasource", ...filesOf(schema), configDir: "." });
}

/** The SQL with which Prisma would make a schema's database. */
export async function firstMigration(url: string, schema: string): Promise<string> {
  return diff(url, schema, { tag: "empty" });
}

async function diff(url: string, schema: string, from: object): Promise<string> {
  const pool = new pg.Pool({ connectionString: url });
  const engine = await openEngine(pool, schema);
  try {
    const { stdout } = await engine.diff({
      from,
      to: { tag: "schemaDatamodel", ...filesOf(schema) },
      script: true,
      exitCode: true,
      shadowDatabaseUrl: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout.includes("This is an empty migration") ? "" : stdout.trim();
  } finally {
    engine.free();
    await pool.end();
  }
}

const filesOf = (content: string) => ({ files: [{ path: "schema.prisma", content }] });

/** Its bindings hold one instance for the whole process. */
let loaded: Promise<Bindings> | undefined;

async function load(): Promise<Bindings> {
  const path = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bindings = (await import(path)) as Bindings;
  const { instance } = await WebAssembly.instantiate(readFileSync(path.replace(/\.js$/, ".wasm")), {
    "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports,
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  const set_message = (message: string) => {
    throw new Error(message);
  };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message } });
  return bindings;
}

async function openEngine(pool: pg.Pool, schema: string): Promise<SchemaEngine> {
  loaded ??= load();
  const { SchemaEngine } = await loaded;
  const adapter = bindMigrationAwareSqlAdapterFactory(adapterWithChar(pool));
  return SchemaEngine.new({ datamodels: [["schema.prisma", schema]] }, () => {}, adapter);
}

/** Prisma's adapter, with columns of `"char"` as the engine wants them. */
function adapterWithChar(pool: pg.Pool): PrismaPg {
  const charColumns = new WeakMap<object, readonly number[]>();
  const query = async (...parameters: Parameters<pg.PoolClient["query"]>) => {
    const client = await pool.connect();
    try {
      const result = (await client.query(...parameters)) as unknown as pg.QueryArrayResult;
      const at = result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === charType ? [index] : []));
      for (const index of at) result.fields[index]!.dataTypeID = pg.types.builtins.TEXT;
      charColumns.set(result.rows, at);
      return result;
    } finally {
      client.release();
    }
  };
  Object.assign(pool, { query });
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (sql) => {
      const result = await queryRaw(sql);
      for (const index of charColumns.get(result.rows) ?? [])
        result.columnTypes[index] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  };
  return factory;
}
