import * as pulumi from "@pulumi/pulumi";
import type { NangoOnAws } from "./aws/nango-on-aws.ts";
import type { NangoOnDocker } from "./docker/nango-on-docker.ts";

/** The class of a resource, such as `aws.rds.Instance`. */
interface ResourceClass<Args> {
  new (name: string, args: Args, opts?: pulumi.CustomResourceOptions): pulumi.CustomResource;
  isInstance(candidate: unknown): boolean;
  readonly name: string;
}

/** A resource about to be registered. */
interface Customizable<Args> {
  /** The logical name, as `npm start` shows it: `nango-database`. */
  readonly name: string;
  readonly args: NonNullable<Args>;
  readonly opts: pulumi.CustomResourceOptions;
}

/** What takes the place of what the program says. */
interface Customized<Args> {
  /** Arguments that replace those of the same name; `undefined` takes one away. */
  readonly args?: { readonly [Name in keyof NonNullable<Args>]?: NonNullable<Args>[Name] | undefined };
  /** Options; lists such as `dependsOn` and `ignoreChanges` are added to, other options replaced. */
  readonly opts?: pulumi.CustomResourceOptions;
}

/** Outputs of the stack, besides its own. */
export type MoreOutputs = Readonly<Record<string, pulumi.Input<unknown>>>;

interface Customization {
  /**
   * Changes each resource of a class, but for those for which the function returns undefined.
   * It runs before the resource is registered, so a secret in `args` is an output that Pulumi keeps secret.
   */
  change<Args>(
    type: ResourceClass<Args>,
    how: (resource: Customizable<Args>) => Customized<Args> | undefined,
  ): void;
  /** Runs once all of a stack on AWS is declared: makes further resources out of what it made. */
  addToAws(how: (nango: NangoOnAws) => MoreOutputs | void): void;
  /** The same for a stack on a Docker engine. */
  addToDocker(how: (nango: NangoOnDocker) => MoreOutputs | void): void;
}

/** What `customize.ts` exports. */
export type Customize = (customization: Customization) => void;

/** Says on the resource which arguments and options are not the program's own: names only, never values. */
function report({ args = {}, opts = {} }: Customized<object>, name: string, type: string): void {
  const changed = [...Object.keys(args), ...Object.keys(opts).map((option) => `option ${option}`)];
  if (changed.length === 0) return;
  void pulumi.log.info(`infra/customize.ts changes ${type} ${name}: ${changed.join(", ")}`);
}

/**
 * Takes note of what a `customize.ts` wants, for all resources that are registered from now on. A transformation of
 * Pulumi's older kind, because it runs in this process: arguments keep their types, and no resource costs a round trip
 * to the engine as with `registerResourceTransform`.
 */
export function customizing(customize: Customize): {
  /** What was added to a stack on AWS. */
  readonly addedToAws: (nango: NangoOnAws) => MoreOutputs;
  /** What was added to a stack on a Docker engine. */
  readonly addedToDocker: (nango: NangoOnDocker) => MoreOutputs;
} {
  const onAws: ((nango: NangoOnAws) => MoreOutputs | void)[] = [];
  const onDocker: ((nango: NangoOnDocker) => MoreOutputs | void)[] = [];
  const unmet = new Set<ResourceClass<never>>();
  customize({
    change: (type, how) => {
      unmet.add(type);
      pulumi.runtime.registerStackTransformation(({ resource, type: token, name, props, opts }) => {
        if (!type.isInstance(resource)) return undefined;
        unmet.delete(type);
        const customized = how({ name, args: props as never, opts });
        if (customized === undefined) return undefined;
        report(customized, name, token);
        return {
          props: { ...props, ...customized.args },
          opts: pulumi.mergeOptions(opts, customized.opts),
        };
      });
    },
    addToAws: (how) => void onAws.push(how),
    addToDocker: (how) => void onDocker.push(how),
  });
  return {
    addedToAws: (nango) => added(onAws, nango, unmet),
    addedToDocker: (nango) => added(onDocker, nango, unmet),
  };
}

/** Adds to a stack of which everything is declared; answers the outputs. */
function added<Nango>(
  adding: readonly ((nango: Nango) => MoreOutputs | void)[],
  nango: Nango,
  unmet: ReadonlySet<ResourceClass<never>>,
): MoreOutputs {
  const outputs = Object.assign({}, ...adding.map((how) => how(nango))) as MoreOutputs;
  for (const type of unmet)
    void pulumi.log.info(`infra/customize.ts changes ${tokenOf(type)}, of which this stack has none`);
  return outputs;
}

/** Some resources have two classes, such as aws.lb.LoadBalancer and aws.alb.LoadBalancer, that only this tells apart. */
function tokenOf(type: ResourceClass<never>): string {
  const token: unknown = Reflect.get(type, "__pulumiType");
  return typeof token === "string" ? token : type.name;
}
