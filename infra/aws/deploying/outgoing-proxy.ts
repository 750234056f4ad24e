import type { ECSClientConfig } from "@aws-sdk/client-ecs";

type RequestHandler = Pick<ECSClientConfig, "requestHandler">;

/**
 * How clients of the AWS SDK get out where the environment names a proxy (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY), as
 * the provider does: the SDK for JavaScript reads none of these by itself.
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-proxies.html
 */
export async function throughProxy(): Promise<RequestHandler> {
  const isNamed = ["https_proxy", "http_proxy", "all_proxy"].some(
    (name) => (process.env[name] ?? process.env[name.toUpperCase()] ?? "") !== "",
  );
  if (!isNamed) return {};
  const { ProxyAgent } = await import("proxy-agent");
  const agent = new ProxyAgent();
  return { requestHandler: { httpAgent: agent, httpsAgent: agent } };
}
