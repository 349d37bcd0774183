import { parametersOf } from "../api/operations.js";
import { bare, type Resource, referredBy } from "../api/resources.js";

/** What a path's last parameter stands for: `/clients/{id}`, or by its name alone `{contractId}`. */
export function resourceAt(
  path: string,
  parameter: string,
  resources: readonly Resource[],
): Resource | undefined {
  const [name] = path.split("/").slice(-2);
  return (
    resources.find(
      ({ item, create, list }) => item !== undefined && bare(item) === path && (create ?? list),
    ) ??
    resources.find((each) => each.name === name && !each.collection.includes("{")) ??
    referredBy(parameter, resources)
  );
}

/** The resource with the path of one object: `/patients/{id}` for what `POST /clients/{id}/patients` creates. */
export function homeOf(resource: Resource, resources: readonly Resource[]): Resource {
  if (resource.item) return resource;
  const named = resources.filter(({ name, item }) => item && name === resource.name);
  return named.find(({ item }) => parametersOf(item!).length === 1) ?? resource;
}

/** The resource that creates its objects: itself, or one of its name below another. */
export function creatorOf(resource: Resource, resources: readonly Resource[]): Resource {
  if (resource.create) return resource;
  return resources.find(({ name, create }) => create && name === resource.name) ?? resource;
}
