import { describe, expect, test } from "vitest";
import { parse, problems, type Surroundings, type Texts } from "./given.ts";
import { rdsCertificates } from "../../infra/config/rules/rds-certificates.ts";

const search = { size: "medium", logs: "opensearch" };
const variables = (bytes: number) => JSON.stringify({ NANGO_FEATURE_FLAG_LONG: "x".repeat(bytes) });
const encrypted: Surroundings = { secretKeys: new Set(["environment"]) };
const certificates = (rdsCertificates("eu-central-1") ?? "").repeat(2);

describe("what does not fit into a task definition", () => {
  test.each<[string, Texts, RegExp]>([
    [
      "an environment",
      { ...search, environment: variables(30_000) },
      /would take \d\d,\d{3} bytes, but ECS takes 65,536: nango:environment 30,\d{3}, this project's own steps \d\d,\d{3}\.\nSpare [\d,]+ bytes: shorten nango:environment, or store it with --secret/,
    ],
    [
      "an environment of characters that grow on the way",
      { ...search, environment: variables(1).replace("x", "&".repeat(5_000)) },
      /nango:environment 30,\d{3}/,
    ],
    [
      "certificates with an environment",
      { ...search, trustedCaPem: certificates, environment: variables(20_000) },
      /nango:environment 20,\d{3}, nango:trustedCaPem [\d,]+, this project's/,
    ],
  ])("%s is refused before anything is made, with what takes the room", (_, values, message) => {
    expect(problems(values)).toEqual([expect.stringMatching(message)]);
  });

  test("fits once its values lie in Secrets Manager", () => {
    expect(problems({ ...search, environment: variables(30_000) }, encrypted)).toEqual([]);
  });

  test("counts the values of secrets nowhere, but their names and addresses", () => {
    const many = JSON.stringify(
      Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`NANGO_FEATURE_FLAG_${i}`, "x"])),
    );
    expect(problems({ ...search, environment: many }, encrypted)).toEqual([
      expect.stringMatching(/nango:environment 4\d,\d{3}/),
    ]);
  });

  test("leaves room for what anybody would add", () => {
    parse({ ...search, trustedCaPem: certificates, environment: variables(5_000) });
    parse({ environment: variables(25_000) });
  });

  test("does not exist on a laptop", () => {
    expect(
      problems({ domain: "none", hostedZone: "none", target: "docker", environment: variables(40_000) }),
    ).toEqual([]);
  });
});
