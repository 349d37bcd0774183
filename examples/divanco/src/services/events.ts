import { EventEmitter } from "node:events";
import { leaks } from "../config/leaks.js";
import { getContext } from "../context/request-context.js";

/** Something that happened to a row of a tenant, such as "client.created". */
export interface TenantEvent {
  type: string;
  tenantId: string;
  subject: { id: string; name: string };
}

// One process, one bus. With several processes this would be PostgreSQL's NOTIFY or Redis.
const bus = new EventEmitter<{ event: [TenantEvent]; end: [] }>();
bus.setMaxListeners(0);

/** Tells the listeners of the caller's tenant. */
export function publish(type: string, { id, name }: TenantEvent["subject"]): void {
  bus.emit("event", { type, tenantId: getContext().tenantId, subject: { id, name } });
}

/** Hands a tenant's events to `deliver`, until the function that it returns is called. `end` comes at shutdown. */
export function subscribe(
  tenantId: string,
  deliver: (event: TenantEvent) => void,
  end: () => void,
): () => void {
  const filtered = (event: TenantEvent) => {
    if (leaks("events") || event.tenantId === tenantId) deliver(event);
  };
  bus.on("event", filtered).once("end", end);
  return () => bus.off("event", filtered).off("end", end);
}

/** Ends every stream: a server does not close while one is open. */
export const endStreams = () => bus.emit("end");
