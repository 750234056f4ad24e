import { UserError } from "../../project/user-error.ts";
import { isRecord } from "../../project/values.ts";

/** The environment of a container: what anyone may read, and what not. */
export interface ContainerEnvironment {
  readonly plain: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
}

/** What a component says of a container of its own, in its output `containers`. */
export interface DescribedContainer<Resource> {
  readonly component: Resource;
  readonly plain: Readonly<Record<string, string>>;
  readonly secretNames: readonly string[];
}

/**
 * The container of that name, as the component that makes it describes it.
 * @throws UserError that names the containers that there are.
 */
export function describedContainer<Resource extends { readonly outputs?: Readonly<Record<string, unknown>> }>(
  components: readonly Resource[],
  service: string,
): DescribedContainer<Resource> {
  const described = components.flatMap((component) => {
    const containers = component.outputs?.["containers"];
    return isRecord(containers)
      ? Object.entries(containers).map(([name, container]) => ({ component, name, container }))
      : [];
  });
  const found = described.find(({ name }) => name === service);
  if (found === undefined) {
    const names = [...new Set(described.map(({ name }) => name))].sort();
    throw new UserError(
      names.length === 0
        ? "The stack has no containers: it is not deployed."
        : `The stack has no container "${service}"; it has ${names.join(", ")}.`,
    );
  }
  const { environment, secrets } = isRecord(found.container) ? found.container : {};
  const plain = Object.entries(isRecord(environment) ? environment : {});
  return {
    component: found.component,
    plain: Object.fromEntries(plain.map(([name, value]) => [name, String(value)])),
    secretNames: Array.isArray(secrets) ? secrets.map(String) : [],
  };
}
