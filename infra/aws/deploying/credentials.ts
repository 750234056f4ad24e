import type { ECSClientConfig } from "@aws-sdk/client-ecs";
import type { FromTemporaryCredentialsOptions } from "@aws-sdk/credential-providers";
import { throughProxy } from "./outgoing-proxy.ts";
import type { AwsProviderConfig } from "./provider-config.ts";

/** Credentials, or what finds them when a client needs some. */
export type Credentials = NonNullable<ECSClientConfig["credentials"]>;

/**
 * The credentials that the provider would use: its own keys, web identity or profile, else those of the environment;
 * then each role of `aws:assumeRoles` assumed with the credentials before it.
 */
export async function awsCredentials(provider: AwsProviderConfig): Promise<Credentials> {
  // The SDK announces on every run with Node 20 that releases of 2027 will not support it; the versions here do.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const { fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
  const clientConfig = await stsClientConfig(provider);
  let credentials = await baseCredentials(provider);
  for (const role of provider.assumeRoles ?? []) {
    const params: FromTemporaryCredentialsOptions["params"] = {
      RoleArn: role.roleArn,
      ...(role.sessionName !== undefined && { RoleSessionName: role.sessionName }),
      ExternalId: role.externalId,
      Policy: role.policy,
      PolicyArns: role.policyArns?.map((arn) => ({ arn })),
      SourceIdentity: role.sourceIdentity,
      Tags: role.tags && Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
      TransitiveTagKeys: role.transitiveTagKeys,
    };
    credentials = fromTemporaryCredentials({ params, masterCredentials: credentials, clientConfig });
  }
  return credentials;
}

/**
 * The order is that of the provider (AWS SDK for Go). The JavaScript SDK's default chain has another: there AWS_PROFILE
 * beats AWS_ACCESS_KEY_ID, and a default profile beats a web identity, so a task would run in another account.
 * https://github.com/aws/aws-sdk-go-v2/blob/main/config/resolve_credentials.go
 */
async function baseCredentials(provider: AwsProviderConfig): Promise<Credentials> {
  const { fromEnv, fromIni, fromNodeProviderChain, fromTokenFile } =
    await import("@aws-sdk/credential-providers");
  const { accessKey, secretKey, token, profile } = provider;
  const clientConfig = await stsClientConfig(provider);
  if (accessKey !== undefined && secretKey !== undefined) {
    return {
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      ...(token !== undefined && { sessionToken: token }),
    };
  }
  if (provider.assumeRoleWithWebIdentity)
    return webIdentity(provider.assumeRoleWithWebIdentity, clientConfig);
  const configFilepath = onlyFile("sharedConfigFiles", provider.sharedConfigFiles);
  const filepath = onlyFile("sharedCredentialsFiles", provider.sharedCredentialsFiles);
  const files = {
    ...(configFilepath !== undefined && { configFilepath }),
    ...(filepath !== undefined && { filepath }),
  };
  if (profile !== undefined) return fromIni({ profile, ...files, clientConfig });
  if (isSet("AWS_ACCESS_KEY_ID") && isSet("AWS_SECRET_ACCESS_KEY")) return fromEnv();
  if (isSet("AWS_WEB_IDENTITY_TOKEN_FILE")) return fromTokenFile({ clientConfig });
  return fromNodeProviderChain({ ...files, clientConfig });
}

async function webIdentity(
  role: NonNullable<AwsProviderConfig["assumeRoleWithWebIdentity"]>,
  clientConfig: Awaited<ReturnType<typeof stsClientConfig>>,
): Promise<Credentials> {
  const { fromTokenFile, fromWebToken } = await import("@aws-sdk/credential-providers");
  const { policy, policyArns, roleArn, sessionName, webIdentityToken, webIdentityTokenFile } = role;
  const session = {
    clientConfig,
    ...(sessionName !== undefined && { roleSessionName: sessionName }),
    ...(policy !== undefined && { policy }),
    ...(policyArns !== undefined && { policyArns: policyArns.map((arn) => ({ arn })) }),
  };
  if (webIdentityToken !== undefined && roleArn !== undefined) {
    return fromWebToken({ ...session, roleArn, webIdentityToken });
  }
  return fromTokenFile({
    ...session,
    ...(roleArn !== undefined && { roleArn }),
    ...(webIdentityTokenFile !== undefined && { webIdentityTokenFile }),
  });
}

async function stsClientConfig(provider: AwsProviderConfig) {
  const region = provider.stsRegion ?? provider.region;
  const endpoint = endpointOf(provider, ["sts"]);
  return {
    ...(await throughProxy()),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
  };
}

/** The provider takes a list of maps of service to URL, in which a service may have several names. */
export function endpointOf(provider: AwsProviderConfig, names: readonly string[]): string | undefined {
  const urls = new Map(
    (provider.endpoints ?? []).flatMap((endpoints) => Object.entries<string | undefined>({ ...endpoints })),
  );
  return names.map((name) => urls.get(name)).find((url) => url !== undefined);
}

function onlyFile(setting: string, files: string[] | undefined): string | undefined {
  if (files !== undefined && files.length > 1) {
    throw new Error(
      `aws:${setting} names ${files.length} files (${files.join(", ")}), but the tasks that a deployment starts can ` +
        `follow one only: merge them, or name the one that holds the profile.`,
    );
  }
  return files?.[0];
}

function isSet(name: string): boolean {
  return (process.env[name] ?? "") !== "";
}
