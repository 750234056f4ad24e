import { describe, expect, test } from "vitest";

import { architectureOf } from "../../../rehearsal/architecture/architecture.ts";
import { maskedRehearsal } from "../../../rehearsal/mask.ts";
import { page } from "../../../rehearsal/page/page.ts";
import type { Rehearsal } from "../../../rehearsal/rehearse.ts";
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

test("a change is shown in each section", async () => {
  const [before, after] = [await deployed("dev"), await deployed("search and records")];
  const changes = after.resources.slice(0, 3).map(({ urn, type, name }) => ({
    urn,
    type,
    name,
    kind: "create" as const,
    keys: [],
    replaceKeys: [],
    deleteFirst: false,
    retained: false,
  }));
  const text = await page({
    rehearsal: maskedRehearsal(after),
    architecture: architectureOf(after),
    comparison: {
      before: { title: "as deployed", rehearsal: maskedRehearsal(before) },
      after: { title: "after the change", rehearsal: maskedRehearsal(after) },
      isDeployment: true,
      changes,
      keys: [],
      remarks: ["It was compared in a hurry."],
    },
  });
  const shown = textOf(parsed(text).document).replaceAll(/\s+/g, " ");
  expect(shown).toContain("0 replaced, 0 updated, 3 created, 0 deleted");
  expect(shown).toContain("It was compared in a hurry.");
  expect(shown).toMatch(/What differs a month part as deployed after the change difference tasks/);
  expect(shown).toMatch(/What differs in the environments .* server of nango NANGO_LOGS_ENABLED false true/);
  expect(shown).toMatch(/as deployed: about \d+ minutes; after the change: about \d+ minutes/);
  expect(shown).toMatch(/nango-tasks-search-in new/);
  expect(leaksIn([["page", text]], before, {})).toEqual([]);
});
