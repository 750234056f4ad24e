// Lines that the server prints, as filter patterns of CloudWatch find them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

/**
 * A server that listens. It prints one such line in its life.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/server/lib/server.ts#L115
 */
export const serverListens = '"Nango Server with version" "is listening on port"';

/**
 * An error that Nango answers with 5xx: `status: 500` in the error that is printed after `Response error`. Node colours
 * the number whether or not anybody looks, and puts the properties of an error into
 * lines of their own after its stack.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/error.manager.ts#L44-L70
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/utils/lib/logger.ts#L233-L258
 */
export const serverError = "%status.{7,7}5[0-9][0-9]%";

/**
 * A call that Nango could not look up the account of, since its database does not answer or cannot be decrypted. It
 * answers such a call with 401, as it does one with a key of nobody, for which it prints no such line.
 * https://github.com/NangoHQ/nango/blob/3b2c0410e3b8444d5eacb45817f74ee8d462711a/packages/server/lib/middleware/access.middleware.ts#L144
 */
export const callNotLookedUp = "%failed_get_env_by_%";

/**
 * The operation that Nango opens when it could not refresh a token, or when somebody refreshes one by hand in the
 * dashboard. It is printed where the dashboard's logs are kept nowhere, and otherwise written to their store alone.
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/services/connections/credentials/refresh.ts#L210-L225
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/logs/lib/models/logContextGetter.ts
 */
export const refreshFailed = "%debug.\\soperation.+refresh_token%";
