import { describe, expect, test } from "vitest";
import type { AnswerName, Given } from "../../../scripts/init/answers.ts";
import { type Asked, gather, type Manner } from "../../../scripts/init/gather.ts";
import { allQuestions, stateQuestions } from "../../../scripts/init/questions/index.ts";
import type { Surroundings } from "../../../scripts/init/questions/question.ts";
import { bare, zones } from "./around.ts";

const enough: Given = {
  stack: "staging",
  target: "aws",
  region: "eu-central-1",
  hostedZone: "acme.org",
  domain: "nango.acme.org",
  size: "small",
  tags: "none",
  backend: "local",
  secretsProvider: "passphrase",
  passphraseFile: "/tmp/passphrase",
};

const without = (name: AnswerName, given: Given): Given =>
  Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));

const nobody: Manner = { ask: undefined, takesPresets: false, tell: () => {} };

/** What flags come to without a terminal; told lines come with the answers. */
async function byFlags(given: Given, around: Surroundings = bare(), manner: Partial<Manner> = {}) {
  const told: string[] = [];
  const tell = (line: string) => void told.push(line);
  const answers = await gather(allQuestions, given, around, { ...nobody, tell, ...manner });
  return { answers, told };
}

const complaint = (given: Given, around?: Surroundings, manner?: Partial<Manner>) =>
  byFlags(given, around, manner).then(
    () => "nothing",
    (error: Error) => error.message,
  );

/** Somebody who gives these answers, whatever comes between. */
function somebody(replies: Given, attempts: Partial<Record<string, readonly string[]>> = {}) {
  const asked: string[] = [];
  const refused: string[] = [];
  const ask = async ({ question: { name }, preset, problem }: Asked) => {
    asked.push(name);
    for (const attempt of attempts[name] ?? []) refused.push((await problem(attempt)) ?? "");
    const reply = replies[name] ?? preset ?? "";
    expect(await problem(reply), name).toBeUndefined();
    return reply;
  };
  return { asked, refused, manner: { ask, takesPresets: false, tell: () => {} } satisfies Manner };
}

describe("without a terminal", () => {
  test("all answers may be flags", async () => {
    expect((await byFlags(enough)).answers).toEqual(enough);
  });

  test("all that is missing is told at once, with what each flag takes", async () => {
    const text = await complaint({});
    expect(text).toMatch(/^  <stack> /m);
    const flags = ["target", "region", "hosted-zone", "domain", "size", "tags", "backend"];
    for (const flag of [...flags, "secrets-provider", "passphrase-file"])
      expect(text).toMatch(new RegExp(`^  --${flag} `, "m"));
    expect(text).toMatch(/--size +small, medium, large \(--yes: small\)$/m);
    expect(text).toMatch(/--secrets-provider .*\(--yes: passphrase\)$/m);
    expect(text).toContain("Nothing was written.");
  });

  test("--yes takes what goes without saying, and no more", async () => {
    const yes = { takesPresets: true };
    expect(await complaint({ stack: "staging" }, bare(), yes)).toMatch(
      /--region .*--hosted-zone .*--domain .*--passphrase-file/s,
    );
    const { answers } = await byFlags(
      { stack: "staging", region: "eu-west-1" },
      bare({ ...zones("acme.org"), environment: { PULUMI_CONFIG_PASSPHRASE: "x" } }),
      yes,
    );
    expect(answers).toMatchObject({
      target: "aws",
      hostedZone: "acme.org",
      domain: "nango-staging.acme.org",
      size: "small",
      tags: "Project=nango,Stack=staging",
      backend: "local",
      secretsProvider: "passphrase",
    });
  });

  test("plain HTTP for everybody is warned of", async () => {
    const plain = { ...enough, hostedZone: "none", domain: "none" };
    expect((await byFlags({ ...plain, allowedCidrs: "203.0.113.7/32" })).told).toEqual([]);
    expect((await byFlags({ ...plain, allowedCidrs: "0.0.0.0/0" })).told).toEqual([
      expect.stringContaining("Everybody on the internet reaches Nango over plain HTTP"),
    ]);
  });

  test("none is no answer too many where there is nothing to choose", async () => {
    const { profile: _, ...others } = { ...enough } as Given;
    const { answers } = await byFlags({ ...others, profile: "none", certificateArn: "none" });
    expect(answers).toEqual((await byFlags(others)).answers);
  });

  test("a laptop is not asked for what is AWS's", async () => {
    const { stack, target, backend, secretsProvider, passphraseFile } = { ...enough, target: "docker" };
    const given = { stack, target, backend, secretsProvider, passphraseFile } as Given;
    expect((await byFlags(given)).answers).toEqual(given);
    expect(await complaint({ ...given, region: "eu-central-1", domain: "nango.acme.org" })).toMatch(
      /--region says something about AWS, and the target is docker\.\n--domain says/,
    );
  });

  test.each<[Given, RegExp]>([
    [{ stack: "a b" }, /<stack>: "a b" holds " "; letters, digits, hyphens, underscores and dots are legal/],
    [{ stack: "a/b" }, /<stack>: "a\/b" holds "\/"/],
    [{ stack: "a".repeat(101) }, /<stack>: the name has 101 characters; 100 is the most/],
    [{ stack: "" }, /<stack>: a stack needs a name/],
    [
      { stack: "dev" },
      /<stack>: "dev" is an example, stacks\/Pulumi\.dev\.yaml, which .* take another name, such as my-dev\. /,
    ],
    [
      { stack: "local" },
      /<stack>: "local" has a file already, stacks\/Pulumi\.local\.yaml; npm run init -- local goes on with it/,
    ],
    [{ target: "gcp" }, /--target: "gcp" is none of the legal values\. It takes aws, docker/],
    [{ profile: "acme" }, /--profile names a profile, and the files of the AWS CLI have none/],
    [
      { region: "eu-centrl-1" },
      /--region: "eu-centrl-1" is a region .* Did you mean eu-central-1\? It takes a region/,
    ],
    [{ region: "nonsense" }, /--region: "nonsense" names no region/],
    [{ hostedZone: "example.com" }, /--hosted-zone: "example\.com" is a name for examples/],
    [{ hostedZone: "https://acme.org" }, /--hosted-zone: "https:\/\/acme\.org" is neither the ID/],
    [{ domain: "nango.example.com" }, /--domain: "nango\.example\.com" is a name for examples/],
    [{ domain: "nango.other.org" }, /--domain: "nango\.other\.org" is not in the hosted zone "acme\.org"/],
    [{ domain: "https://nango.acme.org" }, /--domain: .* has a scheme/],
    [{ domain: "nango.acme.org/" }, /--domain: .* has a slash/],
    [{ domain: "Nango.acme.org" }, /--domain: .* has capital letters/],
    [{ domain: "none" }, /--domain: a hosted zone \(acme\.org\) is for a domain/],
    [{ domain: `${"n".repeat(50)}.acme.org` }, /--domain: .* has more than the 64 characters/],
    [{ size: "huge" }, /--size: "huge" is none of the legal values\. It takes small, medium, large/],
    [{ tags: "aws:owner=me" }, /--tags: .*starts with aws:/],
    [{ tags: "Cost=R&D" }, /--tags: .*holds a character that AWS refuses/],
    [
      { certificateArn: "arn:x" },
      /--certificate-arn is for DNS outside Route 53, and there is a hosted zone/,
    ],
    [{ allowedCidrs: "203.0.113.7/32" }, /--allowed-cidrs is asked for plain HTTP only/],
    [{ hostedZone: "none", certificateArn: "x" }, /--certificate-arn: "x" is not the ARN/],
    [
      { hostedZone: "none", domain: "none", allowedCidrs: "203.0.113.7" },
      /--allowed-cidrs: "203\.0\.113\.7" is one address: as a range it ends in \/32/,
    ],
    ...["", " ", ",", "none"].map((allowedCidrs): [Given, RegExp] => [
      { hostedZone: "none", domain: "none", allowedCidrs },
      /--allowed-cidrs: no range is named; name yours, or 0\.0\.0\.0\/0 for everybody/,
    ]),
    [{ backend: "ftp://x" }, /--backend: "ftp:\/\/x" is none of local, cloud, current, later/],
    [{ backend: "current" }, /--backend: no state backend is logged in to/],
    [{ backend: "s3://My_Bucket" }, /--backend: "My_Bucket" is not the name of a bucket/],
    [{ secretsProvider: "kms" }, /--secrets-provider: "kms" is none of default, passphrase/],
    [{ secretsProvider: "awskms://alias/" }, /--secrets-provider: "awskms:\/\/alias\/" names no key/],
    [
      { secretsProvider: "awskms://alias/x", target: "docker" },
      /--secrets-provider: .* names no region, so that/,
    ],
    [
      { passphraseFile: "none" },
      /--passphrase-file: Pulumi cannot ask for the passphrase without a terminal/,
    ],
    [{ passphraseFile: "stacks/passphrase" }, /--passphrase-file: "stacks\/passphrase" lies in this project/],
    [{ passphraseFile: "/no/such/folder/x" }, /--passphrase-file: .* lies in a folder that does not exist/],
    [{ backend: "cloud", secretsProvider: "default" }, /--passphrase-file is for a passphrase, and none is/],
  ])("%j is refused", async (given, message) => {
    const text = await complaint({ ...enough, ...given });
    expect(text).toMatch(message);
    expect(text).not.toContain("Missing");
  });

  test("everything that is wrong is told at once", async () => {
    const text = await complaint({ ...enough, region: "nowhere", domain: "Nango.acme.org", size: "huge" });
    expect(text.split("\n").map((line) => /^--[a-z-]+/.exec(line)?.[0])).toEqual([
      "--region",
      "--domain",
      "--size",
      undefined,
    ]);
  });
});

describe("a state backend", () => {
  const backend = { url: "s3://state", decidedBy: undefined };
  const taken = bare({ backend, stacksInBackend: async () => ["staging"] });

  test("that has a stack of that name is warned of, and refused", async () => {
    expect(await complaint({ ...enough, backend: "current" }, taken)).toMatch(
      /--backend: s3:\/\/state has a stack "staging" already; begin again with another name/,
    );
    const { told } = await byFlags(enough, taken);
    expect(told).toEqual([
      expect.stringMatching(/^The state backend s3:\/\/state has a stack "staging" already/),
    ]);
  });

  test("may have the stack whose file is there", async () => {
    const own = bare({ ...taken, stacks: ["staging"] });
    const given: Given = { backend: "current", secretsProvider: "awskms://alias/x" };
    const answers = await gather(stateQuestions, given, own, nobody, {
      stack: "staging",
      region: "eu-west-1",
    });
    expect(answers).toMatchObject({ secretsProvider: "awskms://alias/x?region=eu-west-1" });
  });
});

describe("an account", () => {
  test("whose zone holds the domain that is given decides the zone", async () => {
    const { answers } = await byFlags(
      without("hostedZone", { ...enough, domain: "nango.eu.acme.org" }),
      bare(zones("acme.org", "eu.acme.org", "other.org")),
      { takesPresets: true },
    );
    expect(answers.hostedZone).toBe("eu.acme.org");
  });

  test("without the zone is warned of, since other credentials may deploy", async () => {
    const { told } = await byFlags(enough, bare(zones("other.org")));
    expect(told).toEqual([expect.stringMatching(/no public hosted zone "acme\.org"\. It has other\.org\./)]);
  });

  test("knows by its zones which name an ID has", async () => {
    const account = bare(zones("acme.org"));
    expect((await byFlags({ ...enough, hostedZone: "Z00000000" }, account)).told).toEqual([]);
    expect(
      await complaint({ ...enough, hostedZone: "Z00000000", domain: "nango.other.org" }, account),
    ).toMatch(/"nango\.other\.org" is not in the hosted zone "acme\.org"/);
  });

  test("has its zone looked up in the world's DNS", async () => {
    const around = bare({ ...zones("acme.org"), delegation: async (zone) => `${zone} is found nowhere` });
    expect((await byFlags(enough, around)).told).toEqual(["acme.org is found nowhere"]);
  });
});

describe("at a terminal", () => {
  test("only what no flag gives is asked, in order, and what is wrong is asked again", async () => {
    const { asked, refused, manner } = somebody(
      { region: "eu-central-1", hostedZone: "acme.org" },
      { region: ["eu-centrl-1"], domain: ["nango.other.org"] },
    );
    const { answers } = await byFlags({ stack: "staging", size: "medium" }, bare({ canAsk: true }), manner);
    expect(asked.join(" ")).toBe(
      "target region hostedZone domain tags backend secretsProvider passphraseFile",
    );
    expect(refused).toEqual([
      expect.stringMatching(/Did you mean eu-central-1\?$/),
      '"nango.other.org" is not in the hosted zone "acme.org" (nango:hostedZone)',
    ]);
    expect(answers).toMatchObject({ stack: "staging", size: "medium", domain: "nango-staging.acme.org" });
  });

  test("a flag that is wrong is told, and asked for", async () => {
    const { asked, manner } = somebody({ region: "eu-central-1" });
    const told: string[] = [];
    const tell = (line: string) => void told.push(line);
    await byFlags({ ...enough, region: "eu-centrl-1" }, bare(), { ...manner, tell });
    expect([asked, told]).toEqual([
      ["region"],
      [expect.stringMatching(/^"eu-centrl-1" is a region that .*\?\.?$/)],
    ]);
  });

  test("the profiles are offered, and the region of the one that is chosen", async () => {
    const profiles = [
      { name: "default", region: undefined },
      { name: "acme", region: "eu-north-1" },
    ];
    const { asked, manner } = somebody({ profile: "acme" });
    const { answers } = await byFlags(without("region", enough), bare({ profiles }), manner);
    expect([asked, answers.profile, answers.region]).toEqual([["profile", "region"], "acme", "eu-north-1"]);
    expect(await complaint({ ...enough, profile: "acne" }, bare({ profiles }))).toMatch(
      /--profile: there is no profile "acne": the profiles are default, acme\. Did you mean acme\?/,
    );
  });
});
