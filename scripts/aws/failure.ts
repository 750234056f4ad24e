/** Why AWS did not answer a call. */
export interface AwsFailure {
  readonly kind: "denied" | "credentials" | "not-found" | "throttled" | "other";
  /** AWS's words, on one line. */
  readonly says: string;
  /** The IAM action that was denied, where AWS names it. */
  readonly action?: string;
}

const denied = /AccessDenied|UnauthorizedOperation|NotAuthorized|AuthorizationError/;
const credentials =
  /Credentials?(ProviderError)?$|ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|AuthFailure|InvalidAccessKeyId/;
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded|RateExceeded|SlowDown/;

/** Reads what a client of the AWS SDK threw. */
export function awsFailure(error: unknown): AwsFailure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (/Deserialization error/.test(message))
    return { kind: "other", says: `what answers is not AWS${statusOf(error)}` };
  if (name === "TimeoutError") return { kind: "other", says: "no answer in time" };
  const text = message.replace(/\s+/g, " ").trim();
  // A connection that is refused at several addresses has no message of its own.
  const words = text === "" ? ((error as NodeJS.ErrnoException).code ?? "") : text;
  const says = ["Error", "", words].includes(name) ? words : `${name}: ${words}`;
  if (denied.test(`${name} ${text}`)) {
    const [, action] = /not authorized to perform: ([\w-]+:\w+)/.exec(text) ?? [];
    return { kind: "denied", says, ...(action !== undefined && { action }) };
  }
  if (credentials.test(name)) return { kind: "credentials", says: words };
  if (/NotFound(Exception|Fault)?$|^NoSuch/.test(name)) return { kind: "not-found", says: words };
  return { kind: throttled.test(name) ? "throttled" : "other", says };
}

function statusOf(error: unknown): string {
  const { $response: response } = error as { $response?: { statusCode?: number } };
  return response?.statusCode === undefined ? "" : ` (HTTP ${response.statusCode})`;
}
