import { describe, expect, test } from "vitest";

import { compared } from "../../../rehearsal/architecture/architecture.ts";
import { architectureOf } from "../../../rehearsal/architecture/rehearsed.ts";
import { maskedRehearsal } from "../../../rehearsal/mask.ts";
import { page } from "../../../rehearsal/page/page.ts";
import { changesBetween, type Rehearsal } from "../../../rehearsal/rehearse.ts";
import { deployed, topologies } from "../../aws/topologies.ts";
import { deployed as deployedOnDocker, topologies as dockerTopologies } from "../../docker/topologies.ts";
import { leaksIn } from "../../secrecy.ts";
import { changeOf, rehearsal as recorded, resource, stack } from "../recorded.ts";
import { attributesOf, elementsOf, parsed, textOf } from "./parsed.ts";

const shownStacks = {
  dev: () => deployed("dev"),
  production: () => deployed("production"),
  search: () => deployed("search"),
  "everything given": () => deployed("everything given"),
  local: () => deployedOnDocker("local"),
} as const;

const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "everything given": topologies["everything given"].secrets,
  local:
    "secrets" in dockerTopologies.local ? (dockerTopologies.local.secrets as Record<string, string>) : {},
};

const pageOf = (rehearsal: Rehearsal) =>
  page({ rehearsal: maskedRehearsal(rehearsal), architecture: architectureOf(rehearsal) });

describe.each(Object.entries(shownStacks))("the page of %s", (name, rehearse) => {
  const made = rehearse().then(async (rehearsal) => ({ rehearsal, text: await pageOf(rehearsal) }));

  test("is well-formed HTML in which each ID stands once, and each anchor leads somewhere", async () => {
    const { text } = await made;
    const { errors, document } = parsed(text);
    expect(errors).toEqual([]);
    const ids = elementsOf(document).flatMap((element) => attributesOf(element)["id"] ?? []);
    expect(ids).toEqual([...new Set(ids)]);
    const named = elementsOf(document).flatMap((element) => {
      const { href = "", "aria-labelledby": labels = "" } = attributesOf(element);
      return [
        ...(href.startsWith("#") ? [href.slice(1)] : []),
        ...labels.split(" ").filter((id) => id !== ""),
      ];
    });
    for (const id of named) expect(ids).toContain(id);
  });

  test("has every resource, every container and every output in it", async () => {
    const { rehearsal, text } = await made;
    const shown = textOf(parsed(text).document);
    for (const { name: resourceName } of rehearsal.resources) expect(shown).toContain(resourceName);
    for (const output of Object.keys(rehearsal.outputs)) expect(shown).toContain(output);
    expect(shown).toContain("NANGO_SERVER_URL");
  });

  test("shows no secret", async () => {
    const { rehearsal, text } = await made;
    expect(leaksIn([["page", text]], rehearsal, secrets[name] ?? {})).toEqual([]);
  });

  test("loads nothing, runs nothing and is small", async () => {
    const { text } = await made;
    const { document } = parsed(text);
    expect(Buffer.byteLength(text)).toBeLessThan(500_000);
    for (const element of elementsOf(document)) {
      expect(["script", "link", "img", "iframe", "object", "embed", "base", "form"]).not.toContain(
        element.tagName,
      );
      for (const [attribute, value] of Object.entries(attributesOf(element))) {
        expect(attribute).not.toMatch(/^(on|src|srcset|data$|action|poster|background)/);
        if (attribute !== "href") expect(value).not.toMatch(/https?:|url\((?!#)/);
        else expect(value).toMatch(/^(#|https?:\/\/)/);
      }
    }
    expect(text).not.toMatch(/@import|url\((?!#)/);
  });

  test("can be read by ear: landmarks, headings in order, captions, scopes, a title of the picture", async () => {
    const { document } = parsed((await made).text);
    const all = elementsOf(document);
    const named = (tag: string) => all.filter(({ tagName }) => tagName === tag);
    for (const landmark of ["header", "nav", "main", "footer", "h1", "title"])
      expect(named(landmark).length, landmark).toBeGreaterThan(0);
    expect(named("h1")).toHaveLength(1);
    const levels = all.flatMap(({ tagName }) => (/^h\d$/.test(tagName) ? [Number(tagName[1])] : []));
    for (const [index, level] of levels.entries())
      expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1);
    expect(named("caption")).toHaveLength(named("table").length);
    for (const cell of named("th")) expect(["row", "col"]).toContain(attributesOf(cell)["scope"]);
    const [picture] = named("svg");
    expect(attributesOf(picture!)["role"]).toBe("img");
    expect(elementsOf(picture!).filter(({ tagName }) => ["title", "desc"].includes(tagName)).length).toBe(2);
  });
});

const hostile = `"><script>alert('1')</script>&amp;<b x='`;

test("what others have named is shown as it is, whatever stands in it", async () => {
  const group = resource("aws:ec2/securityGroup:SecurityGroup", hostile, { parent: stack.urn });
  const rule = resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `rule ${hostile}`, {
    parent: stack.urn,
    inputs: { fromPort: 1, toPort: 2, ipProtocol: "tcp", cidrIpv4: hostile },
    propertyDependencies: { securityGroupId: [group.urn] },
  });
  const balancer = resource("aws:lb/loadBalancer:LoadBalancer", hostile, {
    parent: stack.urn,
    inputs: { subnets: [hostile], tags: { Name: hostile } },
    propertyDependencies: { securityGroups: [group.urn] },
  });
  const role = resource("aws:iam/role:Role", `role ${hostile}`, {
    parent: stack.urn,
    inputs: {
      description: hostile,
      assumeRolePolicy: JSON.stringify({ Statement: { Effect: "Allow", Principal: { Service: hostile } } }),
    },
  });
  const containers = {
    [hostile]: { image: hostile, command: [hostile], environment: { [hostile]: hostile } },
  };
  const component = resource("nango:aws:Service", `component ${hostile}`, {
    custom: false,
    parent: stack.urn,
    outputs: { containers },
  });
  const hostileStack = recorded([group, rule, balancer, role, component], {
    stack: hostile,
    where: { region: hostile, size: hostile },
    outputs: { [hostile]: hostile, url: `https://example.com/${hostile}` },
    messages: [{ severity: "warning", text: hostile }],
    findings: [{ message: hostile, urn: group.urn, property: hostile }],
    changes: [
      {
        urn: group.urn,
        type: group.type,
        name: hostile,
        kind: "update",
        keys: [hostile],
        replaceKeys: [],
        deleteFirst: false,
        retained: false,
      },
    ],
  });
  const text = await page({
    rehearsal: hostileStack,
    architecture: architectureOf(hostileStack),
    comparison: changeOf(hostileStack),
  });
  const { document, errors } = parsed(text);
  expect(errors).toEqual([]);
  const tags = elementsOf(document).map(({ tagName }) => tagName);
  expect(tags).not.toContain("script");
  expect(tags).not.toContain("b");
  const shown = textOf(document);
  expect(shown.split(hostile).length).toBeGreaterThan(20);
  expect(shown).toContain(`rule ${hostile}`);
  expect(shown).toContain(`role ${hostile}`);
});

describe("two sides", () => {
  const sides = Promise.all([deployed("dev"), deployed("search and records")]);

  /** The text of the page of the change of one of them to the other. */
  async function shownChange(from: 0 | 1, isDeployment: boolean): Promise<string> {
    const both = await sides;
    const [before, after] = [both[from], both[1 - from]!];
    const text = await page({
      rehearsal: maskedRehearsal(after),
      architecture: compared(architectureOf(before), architectureOf(after)),
      comparison: {
        before: { title: "as deployed", rehearsal: maskedRehearsal(before) },
        after: { title: "after the change", rehearsal: maskedRehearsal(after) },
        isDeployment,
        changes: changesBetween(before, after),
        keys: [],
        remarks: ["It was compared in a hurry."],
      },
    });
    const { document, errors } = parsed(text);
    expect(errors).toEqual([]);
    expect(leaksIn([["page", text]], before, {})).toEqual([]);
    return textOf(document).replaceAll(/\s+/g, " ");
  }

  test("are told apart in each section, where a deployment makes the one of the other", async () => {
    const shown = await shownChange(0, true);
    expect(shown).toMatch(/\d replaced, \d updated, \d+ created, \d deleted/);
    expect(shown).toContain("It was compared in a hurry.");
    expect(shown).toMatch(/OpenSearch 2\.19 .* new/);
    expect(shown).toMatch(/What differs a month part as deployed after the change difference tasks/);
    expect(shown).toMatch(/lines of the bill that differ .* db\.t4g\.micro database \$\d/);
    expect(shown).toMatch(
      /The change takes about 25 minutes: create opensearch\.Domain nango-search \(20\), then update ecs\.Service/,
    );
    expect(shown).toMatch(/nango-search opensearch\.Domain create 0 20 decides nango-\S+ /);
    expect(shown).toMatch(/A first deployment as deployed: about 15 minutes; after the change: about 25 /);
    expect(shown).toMatch(/nango ecs\.Service was 10 to 15 20 5 decides/);
    expect(shown).toContain("Both sides keep and break the same policies.");
    expect(shown).toMatch(/nango-tasks-search-in new/);
    expect(shown).toMatch(/nango-database rds\.Instance encrypted 14 days was 7 days standby was no standby/);
    expect(shown).toMatch(
      /What differs in the environments .* server of nango NANGO_LOGS_ENABLED false true/,
    );
    expect(shown).toMatch(/opensearch\.Domain nango-search create protected/);
  });

  test("show what is gone where it was", async () => {
    const shown = await shownChange(1, true);
    expect(shown).toMatch(
      /nango-search Search delete RandomId nango-search delete .* opensearch\.Domain nango-search delete/,
    );
    expect(shown).toMatch(
      /The change takes about \d+ minutes: .* delete opensearch\.Domain old nango-search \(15\)/,
    );
    expect(shown).toMatch(/nango-search opensearch\.Domain gone 0 20/);
    expect(shown).toMatch(/nango-tasks-search-in gone/);
  });

  test("of which no deployment makes the one of the other have no time of a change", async () => {
    const shown = await shownChange(0, false);
    expect(shown).not.toContain("The change takes");
    expect(shown).toMatch(
      /A first deployment takes as deployed: about 15 minutes; after the change: about 25/,
    );
    expect(shown).toMatch(/opensearch\.Domain nango-search only after the change protected/);
  });
});

test("policies that one side breaks stand first, and say what was", async () => {
  const broken = {
    policy: "backups",
    level: "mandatory",
    urn: "urn:pulumi:dev::nango::aws:rds/instance:Instance::data",
    message: "is not backed up",
    remedy: "Keep backups.",
  } as const;
  const kept = { unknown: [], violations: [], accepted: [] };
  const before = recorded([], {
    policies: { ...kept, kept: ["encrypted-at-rest", "tagged"], violations: [broken] },
  });
  const after = recorded([], {
    policies: {
      ...kept,
      kept: ["backups", "tagged"],
      violations: [{ ...broken, policy: "encrypted-at-rest" }],
    },
  });
  const comparison = { ...changeOf(after), before: { title: "as deployed", rehearsal: before } };
  const text = await page({ rehearsal: after, architecture: architectureOf(after), comparison });
  const shown = textOf(parsed(text).document).replaceAll(/\s+/g, " ");
  expect(shown).toMatch(
    /Policies to look at policy state differs mind encrypted-at-rest .*? broken was kept rds\.Instance data is not backed up\. Keep backups\. backups .*? kept was broken It was: rds\.Instance data is not backed up\. Policies that are kept 1/,
  );
  expect(shown).toContain("Policies 2 kept, 1 broken, on both sides, below");
});
