// Compiles JavaScript with what V8 compiled of it before.

const Module = require("node:module");
const v8 = require("node:v8");
const vm = require("node:vm");

/** What V8 takes nothing without that was compiled by another one, or under other flags. */
exports.codeVersion = function codeVersion() {
  // Pulumi's SDK does so when it is loaded, and code is of the flags at the end.
  v8.setFlagsFromString("--allow-natives-syntax");
  return `${process.version}-${process.arch}-${v8.cachedDataVersionTag().toString(16)}`;
};

/**
 * Compiles a module of CommonJS.
 *
 * @param {{ filename: string, content: string, code: Buffer | undefined }} module and what was kept of it
 * @returns {{ run: Function, script: vm.Script, isNew: boolean }} what is called as node calls a module
 */
exports.compileModule = function compileModule({ filename, content, code }) {
  const [before, after] = Module.wrapper;
  const script = new vm.Script(`${before}\n${content}${after}`, {
    filename,
    lineOffset: -1,
    ...(code === undefined ? {} : { cachedData: code }),
  });
  return {
    run: script.runInThisContext(),
    script,
    isNew: code === undefined || script.cachedDataRejected === true,
  };
};
