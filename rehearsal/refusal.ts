/** The engine, or a provider, does not do what it is asked. Its message is for people. */
export class Refusal extends Error {}

/** The engine does not delete or replace what is protected. */
export class Protection extends Refusal {}
