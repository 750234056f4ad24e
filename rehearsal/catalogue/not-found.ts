/** A provider does not find what a function asks for: an answer that the program may expect, and no fault of it. */
export class NotFound extends Error {}
