import { apiKeyProblem } from "../../nango/api-key.ts";
import { readSmtpUrl } from "../../nango/connection-url.ts";
import { credentialProblem, senderProblem } from "../rules/format.ts";
import { thrown } from "../thrown.ts";
import { mailIsSent, only } from "./condition.ts";
import { choice, flag, optionalText, text } from "./setting.ts";

const apiKey = (environment: string, example: string) =>
  optionalText({
    needs: only("dashboardAuth", "basic"),
    change: ["restarts Nango"],
    missing: "generated",
    secret: true,
    legal: "generated, or a UUID of version 4",
    description: `The API key of Nango's environment ${environment}, with basic authentication. Give that of an existing installation to adopt it: its clients keep their access.`,
    example,
    check: apiKeyProblem,
  });

/** The settings of the dashboard and its mail. */
export const dashboard = {
  dashboardAuth: choice({
    change: ["restarts Nango", "leaves data behind"],
    changeNote:
      "Each way has accounts of its own: integrations, connections and API keys made so far are out of reach until it is changed back.",
    values: ["basic", "accounts"],
    default: "basic",
    description:
      "Who may use the dashboard: one user with a password (basic), or people with accounts of their own (accounts).",
    example: "accounts",
  }),
  dashboardUser: text({
    needs: only("dashboardAuth", "basic"),
    change: ["restarts Nango"],
    default: "nango",
    legal: 'a name without ":"',
    description: "The user of the dashboard, with basic authentication.",
    example: "admin",
    check: credentialProblem,
  }),
  dashboardPassword: optionalText({
    needs: only("dashboardAuth", "basic"),
    change: ["restarts Nango"],
    missing: "generated",
    secret: true,
    legal: 'generated, or at least 12 characters without ":"',
    description: "The password of the dashboard, with basic authentication.",
    example: "$(openssl rand -hex 20)",
    check: (value) =>
      credentialProblem(value) ?? (value.length < 12 ? "has fewer than 12 characters" : undefined),
  }),
  apiKeyProd: apiKey("prod", "8a6e0804-2bd0-4672-b79d-d97027f9071a"),
  apiKeyDev: apiKey("dev", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"),
  allowSignup: flag({
    needs: only("dashboardAuth", "accounts"),
    change: ["restarts Nango"],
    default: false,
    description: "With accounts: whether anyone who reaches the dashboard may open an account.",
    example: "true",
  }),
  smtpUrl: optionalText({
    change: ["restarts Nango"],
    secret: true,
    legal: "none, or smtp://user:password@host:port, or smtps://...",
    description:
      "The server that sends Nango's mail. Without it verification and reset links appear in the logs only.",
    example: "smtps://user:password@email-smtp.eu-central-1.amazonaws.com:465",
    check: (value) => thrown(() => readSmtpUrl(value)),
  }),
  smtpFrom: optionalText({
    needs: mailIsSent,
    change: ["restarts Nango"],
    legal: "none, or an address or a name and an address",
    description:
      "The sender of Nango's mail, one that the mail server lets this user send as. Needed with smtpUrl, and with MAILGUN_API_KEY or EMAIL_HTTP_URL in environment.",
    example: "Nango <nango@example.com>",
    check: senderProblem,
  }),
};
