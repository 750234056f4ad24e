import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Access, HttpsAccess } from "../../config/stack-config.ts";
import { connectUi, idleTimeoutSeconds, type NangoService, server } from "../../nango/services.ts";
import { Certificate } from "./certificate.ts";
import { hostedZoneId } from "./hosted-zone.ts";
import { closedSecurityGroup } from "../network/security-group.ts";

export interface LoadBalancerArgs {
  /** Plain, since it decides which resources there are. */
  readonly access: Access;
  /** Changing it replaces the load balancer. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in two zones or more. */
  readonly subnetIds: pulumi.Input<string[]>;
  /** What leads from the subnets to the internet: AWS refuses a load balancer in a VPC that has no way out yet. */
  readonly internet: readonly pulumi.Resource[];
}

/** A service and the target group through which the load balancer reaches it. */
export interface ServiceTarget {
  readonly service: NangoService;
  readonly group: aws.lb.TargetGroup;
}

/** The one way in: HTTPS for two host names, or plain HTTP for the server alone. */
export class LoadBalancer extends pulumi.ComponentResource {
  /** The origin of the API and the dashboard, without a trailing slash. */
  readonly url: pulumi.Output<string>;
  /** The origin of Connect UI, without a trailing slash; undefined where it is not served. */
  readonly connectUrl: pulumi.Output<string> | undefined;
  /** The load balancer's name in AWS. */
  readonly physicalName: pulumi.Output<string>;
  /** The host name that AWS gave the load balancer. */
  readonly dnsName: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly targets: readonly ServiceTarget[];
  /** `app/<name>/<id>`, by which CloudWatch knows it. */
  readonly arnSuffix: pulumi.Output<string>;
  /** The ARN of the certificate; undefined with plain HTTP. */
  readonly certificateArn: pulumi.Input<string> | undefined;
  /** `app/<name>/<id>/targetgroup/<name>/<id>`, by which requests per task of the server are counted. */
  readonly serverResourceLabel: pulumi.Output<string>;
  /** What must be there before tasks can be registered. */
  readonly listeners: readonly pulumi.Resource[];
  /** The host names whose records the stack keeps, with the zone that holds them. */
  private readonly names: { readonly domains: readonly string[]; readonly zoneId: pulumi.Input<string> };
  /** For what is attached to it, such as a firewall. */
  readonly balancer: aws.lb.LoadBalancer;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:aws:LoadBalancer", name, {}, opts);
    const { access } = args;
    const ports = access.https === undefined ? [80] : [443, 80];
    const group = this.openGroup(name, args, ports);
    const balancer = this.balance(name, args, group);
    const serverTarget = this.target(name, server, args, balancer);
    // Browsers give Connect UI what it needs (crypto.randomUUID) over HTTPS only.
    // https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/connect-ui/src/views/Go.tsx#L28
    const connectTarget = access.https && this.target(name, connectUi, args, balancer);
    const addresses =
      access.https === undefined || connectTarget === undefined
        ? this.http(name, balancer, serverTarget)
        : this.https(name, access.https, balancer, serverTarget, connectTarget);

    this.balancer = balancer;
    this.names = addresses.names;
    this.url = addresses.url;
    this.connectUrl = addresses.connectUrl;
    this.listeners = addresses.listeners;
    this.physicalName = balancer.name;
    this.arnSuffix = balancer.arnSuffix;
    this.certificateArn = addresses.certificateArn;
    this.dnsName = balancer.dnsName;
    this.securityGroupId = group.id;
    this.targets = connectTarget === undefined ? [serverTarget] : [serverTarget, connectTarget];
    this.serverResourceLabel = pulumi.interpolate`${balancer.arnSuffix}/${serverTarget.group.arnSuffix}`;
    this.registerOutputs({ url: this.url, connectUrl: this.connectUrl });
  }

  /**
   * Points the host names here, where the stack keeps their records. A load balancer that is replaced serves until they
   * have moved, so they move no sooner than `served` says that its successor serves.
   */
  pointNames(name: string, served: pulumi.Input<pulumi.Resource>): void {
    const { domains, zoneId } = this.names;
    for (const domain of domains) {
      const { dnsName, zoneId: hostedZone } = this.balancer;
      new aws.route53.Record(
        `${name}-${domain}`,
        {
          zoneId,
          name: domain,
          type: "A",
          aliases: [{ name: dnsName, zoneId: hostedZone, evaluateTargetHealth: false }],
        },
        { parent: this, dependsOn: served },
      );
    }
  }

  private balance(
    name: string,
    { access, vpcId, subnetIds, internet }: LoadBalancerArgs,
    group: aws.ec2.SecurityGroup,
  ): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        internal: access.internal,
        subnets: subnetIds,
        securityGroups: [group.id],
        // Nango's websockets are silent until OAuth ends, and nobody opens them again.
        // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/server.ts#L67-L75
        idleTimeout: idleTimeoutSeconds,
        // To it a header with an underscore is invalid, and API calls through Nango carry such: `Nango-Proxy-client_id`.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
        dropInvalidHeaderFields: false,
        tags: { Name: name },
      },
      {
        parent: this,
        dependsOn: [...internet],
        // The provider would move it to subnets of another VPC in place, which AWS refuses.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html
        replacementTrigger: vpcId,
      },
    );
  }

  private openGroup(name: string, args: LoadBalancerArgs, ports: readonly number[]): aws.ec2.SecurityGroup {
    const parent = { parent: this };
    const description = "Load balancer: the only group that is open to others";
    const group = closedSecurityGroup(name, { vpcId: args.vpcId, description }, parent);
    for (const port of ports) {
      for (const cidrIpv4 of args.access.allowedCidrs) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-${port}-${cidrIpv4}`,
          { securityGroupId: group.id, ipProtocol: "tcp", fromPort: port, toPort: port, cidrIpv4 },
          parent,
        );
      }
    }
    return group;
  }

  private target(
    name: string,
    service: NangoService,
    args: LoadBalancerArgs,
    balancer: aws.lb.LoadBalancer,
  ): ServiceTarget {
    const group = new aws.lb.TargetGroup(
      `${name}-${service.name}`,
      {
        vpcId: args.vpcId,
        targetType: "ip",
        protocol: "HTTP",
        port: service.port,
        // New requests go elsewhere at once. The websocket of a person who is signing in to a provider stays open so long:
        // most are through by then, and a deployment takes two minutes longer at most.
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html
        deregistrationDelay: 120,
        healthCheck: {
          path: service.readyPath,
          matcher: "200",
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
        tags: { Name: `${name}-${service.name}` },
      },
      {
        parent: this,
        // A target group can be used by one load balancer only, and the old one goes last. The trigger also tells when
        // the load balancer was replaced in a deployment that got no further.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
        replaceWith: [balancer],
        replacementTrigger: balancer.arn,
      },
    );
    return { service, group };
  }

  private https(
    name: string,
    https: HttpsAccess,
    balancer: aws.lb.LoadBalancer,
    main: ServiceTarget,
    connect: ServiceTarget,
  ) {
    const parent = { parent: this };
    const domains = [https.domain, https.connectDomain] as const;
    const zoneId = hostedZoneId(https, parent);
    const url = `https://${https.domain}`;
    const certificateArn =
      https.certificateArn ?? new Certificate(name, { domains, hostedZoneId: zoneId! }, parent).arn;
    const listener = new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificateArn,
        defaultActions: [{ type: "forward", targetGroupArn: main.group.arn }],
      },
      parent,
    );
    const redirect = new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: balancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
        ],
      },
      parent,
    );
    const rules = this.connectRules(name, listener, connect, {
      apiUrl: url,
      host: https.connectDomain,
    });
    return {
      names: zoneId === undefined ? noNames : { domains, zoneId },
      url: pulumi.output(url),
      connectUrl: pulumi.output(`https://${https.connectDomain}`),
      certificateArn,
      listeners: [listener, redirect, ...rules],
    };
  }

  private http(name: string, balancer: aws.lb.LoadBalancer, main: ServiceTarget) {
    const listener = new aws.lb.Listener(
      // The name that the redirect has on the same port with HTTPS: two listeners of one port cannot follow each other.
      `${name}-http`,
      {
        loadBalancerArn: balancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "forward", targetGroupArn: main.group.arn }],
      },
      { parent: this },
    );
    return {
      names: noNames,
      url: pulumi.interpolate`http://${balancer.dnsName}`,
      connectUrl: undefined,
      certificateArn: undefined,
      listeners: [listener],
    };
  }

  /**
   * Connect UI talks to Nango's cloud unless its address says `apiURL`, and the links that Nango hands out do not say
   * so (https://github.com/NangoHQ/nango/issues/5432): a link without it is redirected to one with it. The rule that
   * lets complete links through comes first, so that nothing goes round in circles. The redirect names the path itself,
   * since AWS refuses one that changes nothing but the query.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
   */
  private connectRules(
    name: string,
    listener: aws.lb.Listener,
    connect: ServiceTarget,
    to: { apiUrl: string; host: string },
  ): aws.lb.ListenerRule[] {
    const parent = { parent: this };
    const onHost = { hostHeader: { values: [to.host] } } satisfies aws.types.input.lb.ListenerRuleCondition;
    const forward = [{ type: "forward", targetGroupArn: connect.group.arn }];
    const withQuery = (key: string) => ({ queryStrings: [{ key, value: "*" }] });
    const rule = (suffix: string, args: Omit<aws.lb.ListenerRuleArgs, "listenerArn">) =>
      new aws.lb.ListenerRule(`${name}-connect-${suffix}`, { listenerArn: listener.arn, ...args }, parent);
    return [
      rule("complete", { priority: 10, conditions: [onHost, withQuery("apiURL")], actions: forward }),
      rule("link", {
        priority: 20,
        conditions: [onHost, withQuery("session_token")],
        actions: [
          {
            type: "redirect",
            redirect: {
              host: to.host,
              path: "/",
              query: `#{query}&apiURL=${to.apiUrl}`,
              statusCode: "HTTP_302",
            },
          },
        ],
      }),
      rule("host", { priority: 30, conditions: [onHost], actions: forward }),
    ];
  }
}

const noNames = { domains: [], zoneId: "" };
