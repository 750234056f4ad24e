import type { Policy, Resource, ResourcePolicy, StackPolicy, Verdict, VerdictOn } from "../policy.ts";
import { UNKNOWN } from "../../project/values.ts";
import { listenerRules, listeners } from "../load-balancing.ts";
import { input, isTrue, namedBy, ofType, records, required, texts, violation } from "../reading.ts";

/**
 * TLS 1.2 is the least. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const balancerPolicy = /^ELBSecurityPolicy-(TLS13-1-[23]-|TLS-1-2-|FS-1-2-)/;

/**
 * How a listener is spoken to: an application's speaks HTTP where nothing is said, and case does not matter.
 * https://www.pulumi.com/registry/packages/aws/api-docs/lb/listener/
 */
function protocolOf({ inputs }: Resource): string {
  const { protocol, port } = inputs;
  return protocol === undefined && port !== undefined ? "HTTP" : String(protocol).toUpperCase();
}

const minimum: Readonly<Record<string, (resource: Resource) => Verdict[]>> = {
  ...Object.fromEntries(
    listeners.map((type) => [
      type,
      (one: Resource) =>
        /^(HTTPS|TLS)$/.test(protocolOf(one))
          ? required(
              one,
              "sslPolicy",
              (policy) => balancerPolicy.test(String(policy)),
              `takes TLS older than 1.2: sslPolicy is ${String(input(one, "sslPolicy") ?? "not set, which means ELBSecurityPolicy-2016-08")}`,
            )
          : [],
    ]),
  ),
  ...Object.fromEntries(
    ["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"].map((type) => [
      type,
      (one: Resource) =>
        required(
          one,
          "domainEndpointOptions.tlsSecurityPolicy",
          (policy) => /^Policy-Min-TLS-1-[23]/.test(String(policy)),
          `takes TLS older than 1.2: tlsSecurityPolicy is ${String(input(one, "domainEndpointOptions.tlsSecurityPolicy") ?? "not set")}`,
        ),
    ]),
  ),
  ...Object.fromEntries(
    ["aws:rds/parameterGroup:ParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup"].map(
      (type) => [type, oldestVersion],
    ),
  ),
  "aws:cloudfront/distribution:Distribution": (one) =>
    required(
      one,
      "viewerCertificate",
      (value) =>
        records(value).every(
          ({ cloudfrontDefaultCertificate, minimumProtocolVersion }) =>
            isTrue(cloudfrontDefaultCertificate) || /^TLSv1\.[23]/.test(String(minimumProtocolVersion)),
        ),
      "takes TLS older than 1.2: minimumProtocolVersion",
    ),
  "aws:apigateway/domainName:DomainName": (one) =>
    required(
      one,
      "securityPolicy",
      (policy) => policy !== "TLS_1_0",
      "takes TLS older than 1.2: securityPolicy is TLS_1_0",
    ),
};

/** The preset of Postgres is TLS 1.2. https://www.postgresql.org/docs/16/runtime-config-connection.html */
function oldestVersion(group: Resource): Verdict[] {
  return records(input(group, "parameters"))
    .filter(({ name, value }) => name === "ssl_min_protocol_version" && !/^TLSv1\.[23]$/.test(String(value)))
    .filter(({ value }) => value !== UNKNOWN)
    .map(({ value }) => violation(`takes TLS older than 1.2: ssl_min_protocol_version is ${String(value)}`));
}

const tlsMinimum: ResourcePolicy = {
  name: "tls-1.2-at-least",
  level: "mandatory",
  promise: "Whoever comes over TLS comes with TLS 1.2 or newer.",
  reason: "TLS 1.0 and 1.1 are broken, withdrawn by RFC 8996, and forbidden by PCI DSS.",
  remedy: "Choose a policy such as ELBSecurityPolicy-TLS13-1-2-2021-06 or Policy-Min-TLS-1-2-PFS-2023-10.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-17",
  judge: (resource) => minimum[resource.type]?.(resource) ?? [],
};

/** Whether actions send everyone to HTTPS, or nowhere. */
const keepsOut = (actions: unknown) =>
  records(actions).every(
    ({ type, redirect }) =>
      type === "fixed-response" ||
      (type === "redirect" && records(redirect).every(({ protocol }) => protocol === "HTTPS")),
  );

const httpsOnly: StackPolicy = {
  name: "https-only",
  level: "mandatory",
  promise: "Over plain HTTP nothing is served but the redirect to HTTPS.",
  reason: "API keys, OAuth codes and passwords cross the network readable.",
  remedy: "Give the stack a domain (nango:domain), or redirect what listens on HTTP.",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-1",
  givenUpBy: { insecureHttp: "true" },
  judgeStack: (stack) => {
    const plain = ofType(stack, ...listeners).filter((one) => protocolOf(one) === "HTTP");
    const serves = (resource: Resource, property: string): VerdictOn[] =>
      keepsOut(input(resource, property)) ? [] : [{ resource, violates: "serves over plain HTTP" }];
    const rules = ofType(stack, ...listenerRules).filter((rule) =>
      namedBy(stack, rule, "listenerArn", ...listeners)?.some((one) => plain.includes(one)),
    );
    const distributions = ofType(stack, "aws:cloudfront/distribution:Distribution").filter((one) =>
      texts(
        [...records(input(one, "defaultCacheBehavior")), ...records(input(one, "orderedCacheBehaviors"))].map(
          ({ viewerProtocolPolicy }) => viewerProtocolPolicy,
        ),
      ).includes("allow-all"),
    );
    const classic = ofType(stack, "aws:elb/loadBalancer:LoadBalancer").filter((one) =>
      records(input(one, "listeners")).some(({ lbProtocol }) => /^(http|tcp)$/i.test(String(lbProtocol))),
    );
    return [
      ...plain.flatMap((listener) => serves(listener, "defaultActions")),
      ...rules.flatMap((rule) => serves(rule, "actions")),
      ...[...classic, ...distributions].map((resource) => ({ resource, violates: "serves over plain HTTP" })),
    ];
  },
};

export const tls: readonly Policy[] = [tlsMinimum, httpsOnly];
