// A server that speaks for all of AWS.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface SpeakingAws {
  readonly url: string;
  /** Every operation that it was asked for, in order. */
  readonly asked: readonly string[];
  readonly close: () => void;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** What is answered to an operation. */
export type Speak = (operation: string, request: IncomingMessage) => Reply;

/** Lets a server speak for AWS, in XML and in JSON as each service does. */
export async function startSpeakingAws(speak: Speak): Promise<SpeakingAws> {
  const asked: string[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const operation = operationOf(request, await text(request));
    asked.push(operation);
    const { status, body } = speak(operation, request);
    response.writeHead(status, {
      "content-type": body.startsWith("<") ? "text/xml" : "application/x-amz-json-1.1",
    });
    response.end(body);
  };
  const listening = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const close = () => {
    listening.close();
    listening.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, asked, close };
}

function operationOf({ headers, url = "", method }: IncomingMessage, body: string): string {
  const { "x-amz-target": target } = headers;
  if (typeof target === "string") return target.replace(/^.*\./, "");
  return new URLSearchParams(body).get("Action") ?? url.match(/operation\/(\w+)/)?.[1] ?? `${method} ${url}`;
}

export const identity = (account: string): Reply => ({
  status: 200,
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/deploy</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
});

/** An error, as the service says it that is asked. */
export const refused =
  (code: string, message: string, status = 400): Speak =>
  (_, { headers }) => {
    if (headers["x-amz-target"] !== undefined || headers["smithy-protocol"] !== undefined)
      return { status, body: JSON.stringify({ __type: code, message }) };
    const isEc2 = /\/ec2\//.test(headers.authorization ?? "");
    return {
      status,
      body: isEc2
        ? `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`
        : `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    };
  };

/** Says who somebody is, and the other to all else. */
export const only =
  (answer: Reply, others: Speak): Speak =>
  (operation, request) =>
    operation === "GetCallerIdentity" ? answer : others(operation, request);
