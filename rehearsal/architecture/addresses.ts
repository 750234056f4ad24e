// Whom containers talk to by the URLs in their environments: parts of the stack, and servers that it was given.

import type { RecordedResource, Rehearsal } from "../record.ts";
import { isRecord, strings, json } from "../../project/values.ts";
import type { Part, Talk } from "./architecture.ts";

interface Target {
  readonly id: string;
  readonly resource: RecordedResource;
}

interface Source {
  readonly id: string;
  /** The variables of its containers by their names; of secrets, the values too. */
  readonly variables: Readonly<Record<string, string>>;
  /** The names of those whose values nobody may see. */
  readonly secret: ReadonlySet<string>;
}

/** Ports of the schemes that a URL may leave out. */
const usualPorts: Readonly<Record<string, string>> = {
  "http:": "80",
  "https:": "443",
  "postgres:": "5432",
  "postgresql:": "5432",
  "redis:": "6379",
  "rediss:": "6379",
  "smtp:": "25",
  "smtps:": "465",
};

const serverNames: Readonly<Record<string, string>> = {
  "postgres:": "Postgres",
  "postgresql:": "Postgres",
  "redis:": "Redis",
  "rediss:": "Redis",
  "smtp:": "Mail server",
  "smtps:": "Mail server",
};

/** Every host name among the outputs of a resource. */
function hostsOf({ outputs }: RecordedResource): Set<string> {
  return new Set(strings(outputs).map(([, text]) => text.replace(/^https?:\/\//, "").replace(/:\d+$/, "")));
}

/** Hosts under which the stack itself is reached. */
function ownHosts({ outputs, resources }: Rehearsal): Set<string> {
  const urls = strings(outputs).map(([, text]) =>
    /^https?:/.test(text) && URL.canParse(text) ? new URL(text).hostname : "",
  );
  const names = resources
    .filter(({ type }) => type === "aws:route53/record:Record")
    .map(({ inputs }) => String(inputs["name"]));
  return new Set([...urls, ...names, "localhost", "127.0.0.1"]);
}

function variablesOf(container: unknown): Record<string, string> {
  const { environment } = isRecord(container) ? container : {};
  return Object.fromEntries(
    Object.entries(isRecord(environment) ? environment : {}).map(([name, value]) => [name, String(value)]),
  );
}

/** What the secrets of the stack hold, by name: those that are injected into containers. */
function storedSecrets({ resources }: Rehearsal): Record<string, string> {
  const texts = resources
    .filter(({ type }) => type === "aws:secretsmanager/secretVersion:SecretVersion")
    .map(({ inputs }) => inputs["secretString"]);
  return Object.fromEntries(
    texts.flatMap((text) => {
      const content = json(text);
      return isRecord(content) ? Object.entries(content).map(([name, value]) => [name, String(value)]) : [];
    }),
  );
}

/** The long-running containers on AWS: those that the component of a service registered. */
function sourcesOf(rehearsal: Rehearsal, tasks: readonly Target[]): Source[] {
  const stored = storedSecrets(rehearsal);
  return tasks.map(({ id, resource }) => {
    const component = rehearsal.resources.find(({ urn }) => urn === resource.parent);
    const { containers } = component?.outputs ?? {};
    const all = Object.values(isRecord(containers) ? containers : {});
    const injected = all.flatMap((container) =>
      isRecord(container)
        ? Object.values(
            isRecord(container["secrets"]) || Array.isArray(container["secrets"]) ? container["secrets"] : [],
          )
        : [],
    );
    const names = new Set(injected.map(String));
    const secrets = Object.fromEntries(Object.entries(stored).filter(([name]) => names.has(name)));
    return { id, variables: { ...Object.assign({}, ...all.map(variablesOf)), ...secrets }, secret: names };
  });
}

/** What tasks reach by URLs. */
export function addressed(
  rehearsal: Rehearsal,
  parts: readonly (Target & { readonly role: string })[],
): { parts: Part[]; talks: Talk[] } {
  const sources = sourcesOf(
    rehearsal,
    parts.filter(({ role }) => role === "tasks"),
  );
  return talksByAddress(sources, parts, ownHosts(rehearsal));
}

/** The talks of containers, and a part for each server outside. A secret address is not shown, only what answers there. */
export function talksByAddress(
  sources: readonly Source[],
  targets: readonly Target[],
  own: ReadonlySet<string>,
): { parts: Part[]; talks: Talk[] } {
  const hosts = targets.map((target) => [target, hostsOf(target.resource)] as const);
  const outside = new Map<string, Part>();
  const talks = sources.flatMap(({ id: from, variables, secret }) =>
    Object.entries(variables).flatMap(([name, value]): Talk[] => {
      if (!value.includes("://") || !URL.canParse(value)) return [];
      const { protocol, hostname, port } = new URL(value);
      // https://datatracker.ietf.org/doc/html/rfc2606#section-2: nobody is there.
      if (hostname === "" || hostname.endsWith(".invalid") || own.has(hostname)) return [];
      const ports = [port === "" ? (usualPorts[protocol] ?? "") : port].filter((text) => text !== "");
      const [target] = hosts.find(([, names]) => names.has(hostname)) ?? [];
      if (target !== undefined) return [{ from, to: target.id, ports, by: [name] }];
      const id = `server-${protocol}${secret.has(name) ? name : hostname}`;
      const title = serverNames[protocol] ?? (secret.has(name) ? "A server outside" : hostname);
      const about = secret.has(name) || title === hostname ? [`by ${name}`] : [hostname];
      outside.set(id, { id, role: "outside", title, about, zones: [] });
      return [{ from, to: id, ports, by: [name] }];
    }),
  );
  return { parts: [...outside.values()], talks };
}
