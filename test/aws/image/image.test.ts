import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cachePrefix, longestPrefix } from "../../../infra/aws/image/pull-through-cache.ts";
import type { Rehearsal, RehearseOptions } from "../../../rehearsal/rehearse.ts";
import { startStubbedAws } from "../../stubbed-aws.ts";
import { rehearse } from "../../rehearse.ts";
import { containersOf, the } from "../find.ts";

const commit = "3b2c0410e3b8444d5eacb45817f74ee8d462711a";
const digest = `sha256:${"cd".repeat(32)}`;
/** What stands for a machine without Docker. */
const withoutDocker = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
const sources = {
  "ecr-mirror": { set: { imageSource: "ecr-mirror" }, environment: withoutDocker },
  "ecr-pull-through": {
    set: { imageSource: "ecr-pull-through", dockerHubUser: "acme" },
    secrets: { dockerHubToken: "dckr_pat_of_acme" },
    environment: withoutDocker,
  },
} satisfies Record<string, Omit<RehearseOptions, "stack">>;

const deploy = (options: Omit<RehearseOptions, "stack"> = {}) =>
  rehearse({ stack: "dev", mode: "update", ...options });

const first = new Map<keyof typeof sources, Promise<Rehearsal>>();

/** The first deployment with an image from there, rehearsed once. */
function deployed(source: keyof typeof sources): Promise<Rehearsal> {
  const running = first.get(source) ?? deploy(sources[source]);
  first.set(source, running);
  return running;
}

const images = (rehearsal: Rehearsal) =>
  ["nango", "nango-migrate"].flatMap((name) =>
    Object.values(containersOf(rehearsal, name)).map(({ image }) => image),
  );

const executionPolicy = (rehearsal: Rehearsal) =>
  (
    JSON.parse(the(rehearsal, "iam/rolePolicy:RolePolicy", "nango-execution").inputs["policy"] as string) as {
      Statement: { Action: string | string[]; Resource: string }[];
    }
  ).Statement;

describe.each(["ecr-mirror", "ecr-pull-through"] as const)("an image from %s", (source) => {
  test("is deployed without a finding, every container by one digest in a repository of the stack", async () => {
    const rehearsal = await deployed(source);
    for (const one of [rehearsal, await deploy({ ...sources[source], mode: "preview" })]) {
      expect(one.program).toEqual({ exitCode: 0 });
      expect(one.findings).toEqual([]);
    }
    const { outputs, inputs } = the(rehearsal, "ecr/repository:Repository");
    const [image, ...others] = new Set(images(rehearsal));
    expect(others).toEqual([]);
    expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(image?.split("@")[0]).toBe(outputs["repositoryUrl"]);
    expect(inputs).toMatchObject({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS" }],
    });
    const { rules } = JSON.parse(
      the(rehearsal, "ecr/lifecyclePolicy:LifecyclePolicy").inputs["policy"] as string,
    ) as { rules: { selection: object }[] };
    expect(rules.map(({ selection }) => selection)).toEqual([
      { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
      { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 10 },
    ]);
  });

  test("may be pulled by ECS from that repository and from no other", async () => {
    const rehearsal = await deployed(source);
    const [, , token, pull, ...others] = executionPolicy(rehearsal);
    expect(token).toEqual({ Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" });
    expect(pull).toEqual({
      Effect: "Allow",
      Action: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
        ...(source === "ecr-pull-through" ? ["ecr:BatchImportUpstreamImage"] : []),
      ],
      Resource: the(rehearsal, "ecr/repository:Repository").outputs["arn"],
    });
    expect(others).toEqual([]);
  });

  test("is deployed again without a change", async () => {
    const previous = await deployed(source);
    expect((await deploy({ ...sources[source], previous })).changes).toEqual([]);
  });
});

describe("a mirror", () => {
  test("copies for the platform of the tasks, with the token of ECR kept secret", async () => {
    const rehearsal = await deployed("ecr-mirror");
    const { inputs, secretInputs } = the(rehearsal, "docker:index/image:Image");
    expect(inputs["imageName"]).toMatch(new RegExp(`/nango-image-\\w{7}:hosted-${commit}-[0-9a-f]{8}$`));
    expect(inputs["build"]).toEqual({
      context: path.join("aws", "image", "mirror"),
      dockerfile: path.join("aws", "image", "mirror", "Dockerfile"),
      args: { IMAGE: `nangohq/nango-server:hosted-${commit}` },
      platform: "linux/amd64",
    });
    expect(secretInputs).toContain("registry.password");
  });

  test("pushes another image, and one that was there before, by a new tag each", async () => {
    const other = `nangohq/nango-server@${digest}`;
    const first = await deployed("ecr-mirror");
    const second = await deploy({ set: { imageSource: "ecr-mirror", image: other }, previous: first });
    const third = await deploy({ ...sources["ecr-mirror"], previous: second });
    const tags = [first, second, third].map(
      (rehearsal) => the(rehearsal, "docker:index/image:Image").inputs["imageName"],
    );
    expect(new Set(tags).size).toBe(3);
    expect(tags[1]).toContain(`:${digest.replace(":", "-")}-`);
  });

  test("warns, and only then, that no Docker engine answers", async () => {
    const warned = ({ messages }: Rehearsal) =>
      messages.filter(({ severity, text }) => severity === "warning" && text.includes("No Docker engine"));
    const [warning, ...others] = warned(await deployed("ecr-mirror"));
    expect(others).toEqual([]);
    expect(warning?.text).toMatch(
      /^nango:imageSource = "ecr-mirror": .*at \/nonexistent\/docker\.sock.*imageSource ecr-pull-through$/,
    );
    expect(warned(await deployed("ecr-pull-through"))).toEqual([]);
  });
});

describe("a pull-through cache", () => {
  test("logs in to Docker Hub by a secret that ECR accepts the name of and nobody can read", async () => {
    const rehearsal = await deployed("ecr-pull-through");
    const secret = the(rehearsal, "secretsmanager/secret:Secret", "nango-image");
    expect(secret.inputs).not.toHaveProperty("name");
    expect(secret.outputs["name"]).toMatch(/^ecr-pullthroughcache\/nango-image-\w+$/);
    const version = the(rehearsal, "secretsmanager/secretVersion:SecretVersion", "nango-image");
    expect(JSON.parse(version.inputs["secretString"] as string)).toEqual({
      username: "acme",
      accessToken: "dckr_pat_of_acme",
    });
    expect(version.secretInputs).toContain("secretString");
    const rule = the(rehearsal, "ecr/pullThroughCacheRule:PullThroughCacheRule");
    expect(rule.inputs).toEqual({
      ecrRepositoryPrefix: "nango-dev",
      upstreamRegistryUrl: "registry-1.docker.io",
      credentialArn: secret.outputs["arn"],
    });
    expect(rule.dependencies).toContain(version.urn);
    expect(the(rehearsal, "ecr/repository:Repository").inputs["name"]).toBe("nango-dev/nangohq/nango-server");
  });

  test("takes the digest that the tag has in Docker Hub, through a provider that needs no engine", async () => {
    const rehearsal = await deploy({
      ...sources["ecr-pull-through"],
      answers: { "docker:index/getRegistryImage:getRegistryImage": () => ({ sha256Digest: digest }) },
    });
    expect(images(rehearsal)).toContainEqual(expect.stringMatching(`@${digest}$`));
    const asked = rehearsal.invokes.filter(({ token }) => token.startsWith("docker:"));
    expect(asked.map(({ arguments: { name } }) => name)).toEqual([`nangohq/nango-server:hosted-${commit}`]);
    expect(the(rehearsal, "pulumi:providers:docker").inputs["host"]).toMatch(/^ssh:/);
  });

  test("takes a digest that is given as it is", async () => {
    const { set, secrets } = sources["ecr-pull-through"];
    const image = `nangohq/nango-server:hosted-${commit}@${digest}`;
    const rehearsal = await deploy({ set: { ...set, image }, secrets });
    expect(images(rehearsal)).toContainEqual(expect.stringMatching(`@${digest}$`));
    expect(rehearsal.invokes.filter(({ token }) => token.startsWith("docker:"))).toEqual([]);
  });

  test("is filled before the migration starts, and stops the deployment when it cannot be", async () => {
    const stub = await startStubbedAws({ container: "migrate", tasks: [{ outcome: "succeeds" }] });
    const rehearsal = await rehearse({
      stack: "dev",
      mode: "update",
      ...sources["ecr-pull-through"],
      runHooks: true,
      environment: stub.environment,
      answers: {
        "aws:ecr/repository:Repository": () => ({
          repositoryUrl: "127.0.0.1:65535/nango-dev/nangohq/nango-server",
        }),
      },
    });
    await stub.close();
    expect(rehearsal.hookRuns.filter(({ error }) => error !== undefined).map(({ error }) => error)).toEqual([
      expect.stringMatching(
        /registry does not answer at https:\/\/127\.0\.0\.1:65535\/v2\/nango-dev\/.*ECONNREFUSED/,
      ),
    ]);
    expect(rehearsal.program.exitCode).not.toBe(0);
    expect(stub.calls.filter(({ operation }) => operation === "RunTask")).toEqual([]);
  });

  test("has a prefix of its own for each stack, which ECR accepts", () => {
    const stack = fc.string({ unit: fc.constantFrom(..."abcXYZ019._-"), minLength: 1, maxLength: 100 });
    const accepted = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
    fc.assert(
      fc.property(stack, stack, (one, other) => {
        expect(cachePrefix(one)).toMatch(accepted);
        expect(cachePrefix(one).length).toBeLessThanOrEqual(longestPrefix);
        expect(cachePrefix(one) === cachePrefix(other)).toBe(one === other);
      }),
    );
    expect(cachePrefix("production")).toBe("nango-production");
  });
});

describe("an image from where it is", () => {
  test("is pulled by its tag, without a permission, and by its digest when that is asked for", async () => {
    const byTag = await deploy();
    expect(new Set(images(byTag))).toEqual(new Set([`nangohq/nango-server:hosted-${commit}`]));
    expect(executionPolicy(byTag)).toHaveLength(2);
    const byDigest = await deploy({ set: { pinDigest: "true" } });
    expect([...new Set(images(byDigest))]).toEqual([
      expect.stringMatching(/^nangohq\/nango-server@sha256:[0-9a-f]{64}$/),
    ]);
  });

  test("takes the permission to pull it from a repository of the account's own", async () => {
    const repository = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/mirrors/nango";
    const rehearsal = await deploy({ set: { image: `${repository}@${digest}` } });
    expect(rehearsal.findings).toEqual([]);
    expect(executionPolicy(rehearsal).slice(2)).toMatchObject([
      { Action: "ecr:GetAuthorizationToken", Resource: "*" },
      {
        Action: expect.arrayContaining(["ecr:BatchGetImage"]),
        Resource: "arn:aws:ecr:eu-central-1:123456789012:repository/mirrors/nango",
      },
    ]);
  });
});
