// What a change does to a stack that is deployed, read off the resources that it changes.

import type { Effect } from "../infra/config/settings/change.ts";
import type { Change, Consequence, RecordedResource, Rehearsal } from "./record.ts";
import { titleOf, typeOf } from "../project/urns.ts";

/** Those that lose something first. */
const ORDER: readonly Effect[] = [
  "refused",
  "deletes data",
  "replaces everything",
  "leaves data behind",
  "cannot be undone",
  "stops Nango",
  "replaces the load balancer",
  "restarts the database",
  "restarts the log store",
  "restarts Redis",
  "restarts Nango",
  "replaces nodes",
  "adds resources",
  "in place",
  "nothing",
];

/** What an update of some inputs does; inputs that are not named change while the resource runs. */
interface Updates {
  readonly byInput: Readonly<Record<string, readonly Effect[]>>;
  readonly link: string;
}

const UPDATES: Readonly<Record<string, Updates>> = {
  // "Settings for DB instances" says of each whether there is an outage.
  "aws:rds/instance:Instance": {
    byInput: {
      instanceClass: ["restarts the database"],
      engineVersion: ["restarts the database", "cannot be undone"],
      allocatedStorage: ["in place", "cannot be undone"],
      port: ["restarts the database"],
      dbSubnetGroupName: ["restarts the database"],
    },
    link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html",
  },
  // A static parameter waits for the next restart.
  "aws:rds/parameterGroup:ParameterGroup": {
    byInput: {},
    link: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithDBInstanceParamGroups.html",
  },
  // Blue/green: new nodes take over from the old ones.
  "aws:opensearch/domain:Domain": {
    byInput: {
      clusterConfig: ["replaces nodes"],
      ebsOptions: ["replaces nodes"],
      engineVersion: ["replaces nodes", "cannot be undone"],
      vpcOptions: ["replaces nodes"],
    },
    link: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html",
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    byInput: { nodeType: ["replaces nodes"], engineVersion: ["replaces nodes"] },
    link: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html",
  },
  "aws:ecs/service:Service": {
    byInput: { taskDefinition: ["restarts Nango"], capacityProviderStrategies: ["restarts Nango"] },
    link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html",
  },
};

/** What keeps data: the loss of it is the loss of what is in it. */
const KEEPS_DATA = new Set(["aws:rds/instance:Instance", "aws:opensearch/domain:Domain"]);

/** What is paid for by the hour or the month, or takes its share of a laptop. */
const COSTS = new Set([
  "aws:backup/vault:Vault",
  "aws:rds/instance:Instance",
  "aws:opensearch/domain:Domain",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:ec2/natGateway:NatGateway",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "docker:index/container:Container",
]);

/** Everything lies in them. */
const HOLDS_EVERYTHING = new Set(["aws:ec2/vpc:Vpc", "docker:index/network:Network"]);

/** What is still worth saying when everything is replaced. */
const WITH_EVERYTHING: ReadonlySet<Effect> = new Set(["replaces everything", "refused", "deletes data"]);

/** What nobody notices: a description that something else takes up, or a value that is handed on. */
const DESCRIBES = /^(?:random:|pulumi:|aws:ecs\/taskDefinition:|docker:index\/remoteImage:)/;

/** What stands still when a container of a component is replaced. */
const RESTARTS: Readonly<Record<string, Effect>> = {
  "nango:docker:NangoContainers": "restarts Nango",
  "nango:docker:Postgres": "restarts the database",
  "nango:docker:Opensearch": "restarts the log store",
  "nango:docker:Valkey": "restarts Redis",
};

/** Whether a resource holds what is lost with it. */
export function keepsData({ type, urn }: Pick<Change, "type" | "urn">): boolean {
  // The volume of the containers of Nango holds certificates.
  const dataVolume = type === "docker:index/volume:Volume" && !urn.includes("nango:docker:NangoContainers$");
  return KEEPS_DATA.has(type) || dataVolume;
}

/** A container that is started by a deployment, and only then. */
function runsOnce({ type, inputs }: RecordedResource): boolean {
  return type === "docker:index/container:Container" && inputs["start"] === false;
}

function replaced(resource: RecordedResource): Effect[] {
  const { type, parent } = resource;
  if (HOLDS_EVERYTHING.has(type)) return ["replaces everything"];
  if (type === "aws:lb/loadBalancer:LoadBalancer") return ["replaces the load balancer"];
  if (type === "docker:index/container:Container") {
    const restarts = RESTARTS[typeOf(parent ?? "")];
    return restarts === undefined ? [] : [restarts];
  }
  return [];
}

/** The number of tasks, or the floor under it. */
const TASKS: Readonly<Record<string, string>> = {
  "aws:ecs/service:Service": "desiredCount",
  "aws:appautoscaling/target:Target": "minCapacity",
};

function updated({ keys }: Change, { type, inputs }: RecordedResource): Effect[] {
  const tasks = TASKS[type];
  if (tasks !== undefined && keys.includes(tasks) && inputs[tasks] === 0) return ["stops Nango"];
  const updates = UPDATES[type];
  if (!updates) return [];
  // Any change of such a service is a deployment of it.
  if (type === "aws:ecs/service:Service" && inputs["forceNewDeployment"] === true) return ["restarts Nango"];
  const all = [...new Set(keys.flatMap((key) => updates.byInput[key] ?? ["in place" as const]))];
  const stands = all.some((effect) => effect.startsWith("re"));
  return all.filter((effect) => effect !== "in place" || !stands);
}

/** What the change of one resource does. */
function effectsOfChange(change: Change, resource: RecordedResource, refused: boolean): Effect[] {
  const { type } = resource;
  const lost = change.kind === "delete" || change.kind === "replace";
  const data = keepsData(change)
    ? [
        ...(change.kind === "create" || lost ? (["leaves data behind"] as const) : []),
        ...(lost && !refused && !change.retained ? (["deletes data"] as const) : []),
      ]
    : [];
  const costs = COSTS.has(type) && (change.kind === "create" || change.kind === "delete" || change.retained);
  // A second target makes its own beside the first one's.
  const everything = change.kind !== "update" && change.kind !== "replace" && HOLDS_EVERYTHING.has(type);
  return [
    ...data,
    ...(costs ? (["adds resources"] as const) : []),
    ...(everything ? (["replaces everything"] as const) : []),
    ...(change.kind === "replace" ? replaced(resource) : []),
    ...(change.kind === "update" && !refused ? updated(change, resource) : []),
  ];
}

function named({ type, name, kind, keys, replaceKeys }: Change): string {
  const why = kind === "replace" ? replaceKeys : kind === "update" ? keys : [];
  return `${titleOf({ type, name })}${why.length > 0 ? `: ${why.join(", ")}` : ""}`;
}

/** What a deployment does to the resources of the previous one, the gravest first. */
export function consequencesOf(
  { resources, changes, findings, program }: Omit<Rehearsal, "consequences" | "policies">,
  previous: readonly RecordedResource[],
): Consequence[] {
  const states = new Map([...previous, ...resources].map((one) => [one.urn, one]));
  const refused = new Set(findings.map(({ urn }) => urn));
  const found = new Map<Effect, { of: Set<string>; links: Set<string> }>();
  const note = (effect: Effect, of?: string, link?: string) => {
    const entry = found.get(effect) ?? { of: new Set(), links: new Set() };
    found.set(effect, entry);
    if (of !== undefined) entry.of.add(of);
    if (link !== undefined) entry.links.add(link);
  };
  const notable = changes.flatMap((change) => {
    const resource = states.get(change.urn);
    return resource?.custom === true && !DESCRIBES.test(change.type) && !runsOnce(resource)
      ? [{ change, resource }]
      : [];
  });
  for (const change of changes) if (refused.has(change.urn)) note("refused", named(change));
  for (const { change, resource } of notable)
    for (const effect of effectsOfChange(change, resource, refused.has(change.urn)))
      note(effect, named(change), UPDATES[change.type]?.link);
  if (findings.length > 0 || program.message !== undefined) note("refused");
  if (found.has("refused")) found.delete("adds resources");
  if (found.has("replaces everything"))
    for (const effect of found.keys()) if (!WITH_EVERYTHING.has(effect)) found.delete(effect);
  if (found.size === 0 && notable.length === 0) note("nothing");
  if (found.size === 0) for (const { change } of notable) note("in place", named(change));
  return ORDER.flatMap((effect) => {
    const entry = found.get(effect);
    return entry ? [{ effect, of: [...entry.of], links: [...entry.links] }] : [];
  });
}
