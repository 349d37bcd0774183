import type { Call, Fields, Step } from "./call.js";
import { UnguardedQueryError } from "./errors.js";
import { filter, project, read } from "./reads.js";
import { isGlobal } from "./scope.js";
import { change, stamp } from "./writes.js";

/** What is done to the arguments of each operation. An operation that is not here is refused. */
const OPERATIONS: Record<string, Step[]> = {
  findUnique: [read],
  findUniqueOrThrow: [read],
  findFirst: [read],
  findFirstOrThrow: [read],
  findMany: [read],
  count: [read],
  aggregate: [read],
  groupBy: [read],
  create: [stamp("data"), project],
  createMany: [stamp("data")],
  createManyAndReturn: [stamp("data"), project],
  update: [filter, change("data"), project],
  updateMany: [filter, change("data")],
  updateManyAndReturn: [filter, change("data"), project],
  // On another tenant's row the filter finds nothing, the insert meets the unique key, nothing is overwritten.
  upsert: [filter, stamp("create"), change("update"), project],
  delete: [filter, project],
  deleteMany: [filter],
};

/** Rewrites the arguments of an operation so that it can only touch rows of the call's tenant. */
export function guardArguments(args: Fields, call: Call): Fields {
  const steps = OPERATIONS[call.operation];
  if (!steps) throw new UnguardedQueryError(`The guard does not know ${call.model}.${call.operation}`);
  if (isGlobal(call.model) && !steps.includes(read)) {
    throw new UnguardedQueryError(`${call.model} is shared by all tenants: write it with prismaBase`);
  }
  return steps.reduce((scoped, step) => step(scoped, call), args);
}
