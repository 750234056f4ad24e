type Prepare = NonNullable<typeof Error.prepareStackTrace>;

/**
 * What follows `node_modules/`, or a scope in it, without being a folder: node (before the summer of 2026, so 20 for ever)
 * loops on such a line when it colours the stack of an error, for minutes and gigabytes
 * (https://github.com/nodejs/node/issues/64011). Pulumi's runner colours the stack of whatever fails an update, and the
 * source maps of its SDK lead to `node_modules/@pulumi/output.ts`.
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/cmd/run/error.ts
 */
const fileInPlaceOfPackage = /([\\/]node_modules([\\/])(?:@[^\\/\n]+[\\/])?)([^\\/\n]+)$/gm;

const prepare: Prepare | undefined = Error.prepareStackTrace;
if (prepare !== undefined) {
  Error.prepareStackTrace = (error, frames) => {
    const stack: unknown = prepare(error, frames);
    return typeof stack === "string" ? stack.replaceAll(fileInPlaceOfPackage, "$1.$2$3") : stack;
  };
}
