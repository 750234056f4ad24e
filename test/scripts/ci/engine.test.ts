import { describe, expect, test } from "vitest";
import { found, lookOf } from "../../../scripts/ci/engine.ts";

type Event = Parameters<typeof lookOf>[1][number];

const urn = (type: string, name: string) => `urn:pulumi:dev::nango::nango:aws:NangoOnAws$${type}::${name}`;

const step = (op: string, type: string, name: string, more: object = {}): Event => ({
  resourcePreEvent: { metadata: { op, type, urn: urn(type, name), ...more } },
});

const service = (image: string) =>
  step("update", "aws:ecs/service:Service", "nango", {
    diffs: ["taskDefinition"],
    detailedDiff: { taskDefinition: { diffKind: "update", inputDiff: true } },
    new: { inputs: { taskDefinition: image, tags: { b: "2", a: "1" } } },
  });
const bucket = (name: string) =>
  step("create", "aws:s3/bucket:Bucket", "logs", { detailedDiff: null, new: { inputs: { bucket: name } } });
const definition = (image: string, name: string) =>
  step("replace", "aws:ecs/taskDefinition:TaskDefinition", "nango", {
    keys: ["containerDefinitions"],
    diffs: ["containerDefinitions"],
    new: { inputs: { containerDefinitions: JSON.stringify([{ image }]), name } },
  });
const kept = step("same", "aws:ec2/vpc:Vpc", "nango");

describe("a look at a stack", () => {
  const { report } = lookOf(
    "dev",
    [
      kept,
      service("nango:2"),
      bucket("logs-1a2b"),
      step("replace", "aws:ec2/subnet:Subnet", "a", { keys: ["cidrBlock"], diffs: ["cidrBlock", "tags"] }),
      step("delete-replaced", "aws:ec2/subnet:Subnet", "a"),
      step("create", "nango:aws:Network", "network", { new: { custom: false } }),
      step("create", "pulumi:providers:aws", "default", { new: { custom: true } }),
      step("delete", "aws:rds/instance:Instance", "database", { old: { custom: true }, new: null }),
      { diagnosticEvent: { severity: "warning", message: "<{%reset%}>mind this\n<{%reset%}>" } },
      { diagnosticEvent: { severity: "info", message: "well" } },
    ],
    0,
  );

  test("names what would change, and because of what", () => {
    expect(report.changes.map(({ kind, resource, why }) => [kind, resource, ...why].join(" "))).toEqual([
      "update ecs.Service nango taskDefinition",
      "create s3.Bucket logs",
      "replace ec2.Subnet a cidrBlock",
      "delete rds.Instance database",
    ]);
  });

  test("has the warnings, and no findings where it went well", () => {
    expect([report.warnings, report.findings]).toEqual([["mind this"], []]);
  });

  test("that failed says why", () => {
    const error = { diagnosticEvent: { severity: "error", message: "it is protected" } };
    expect(lookOf("dev", [error, error], 1, ["Lift it."]).report.findings).toEqual([
      "it is protected",
      "Lift it.",
    ]);
  });
});

test("a refresh tells what it found, not what it looked at", () => {
  const looked = (name: string, op: string, more: object = {}): Event[] => [
    step("refresh", "aws:ec2/vpc:Vpc", name),
    { resOutputsEvent: step(op, "aws:ec2/vpc:Vpc", name, more).resourcePreEvent! },
  ];
  const events = [
    ...looked("a", "same"),
    ...looked("b", "update", { diffs: ["tags"] }),
    ...looked("c", "delete"),
  ];
  expect(
    lookOf("dev", found(events), 0).report.changes.map(({ kind, resource }) => `${kind} ${resource}`),
  ).toEqual(["update ec2.Vpc b", "delete ec2.Vpc c"]);
});

describe("the fingerprint", () => {
  const of = (...events: Event[]) => lookOf("dev", events, 0).fingerprint;

  test("is the same for the same changes, in whatever order they are told", () => {
    expect(of(kept, service("nango:2"), bucket("logs-1a2b"))).toBe(
      of(bucket("logs-9z8y"), service("nango:2")),
    );
    expect(of(definition("nango@sha256:1", "nango-1a2b3c4"))).toBe(
      of(definition("nango@sha256:1", "nango-5d6e7f8")),
    );
    const other = structuredClone(service("nango:2"));
    Object.assign(other.resourcePreEvent!.metadata!.new!, {
      inputs: { tags: { a: "1", b: "2" }, taskDefinition: "nango:2" },
    });
    expect(of(other)).toBe(of(service("nango:2")));
  });

  test("is another one for another value, resource, kind or reason", () => {
    const all = [
      of(),
      of(service("nango:2")),
      of(service("nango:3")),
      of(bucket("logs")),
      of(definition("nango@sha256:1", "nango-1a2b3c4")),
      of(definition("nango@sha256:2", "nango-1a2b3c4")),
      of(step("create", "nango:aws:Network", "network", { new: { custom: false } })),
      of(service("nango:2"), bucket("logs")),
      of(step("delete", "aws:ecs/service:Service", "nango")),
      of(step("update", "aws:ecs/service:Service", "nango", { diffs: ["desiredCount"] })),
      of(step("update", "aws:ecs/service:Service", "other", { diffs: ["desiredCount"] })),
    ];
    expect(new Set(all).size).toBe(all.length);
    for (const one of all) expect(one).toMatch(/^[0-9a-f]{16}$/);
  });
});
