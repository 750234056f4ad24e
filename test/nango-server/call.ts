/** A call of Nango's public API. */
export interface ApiCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Where Connect UI is. */
  readonly connectUrl: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export function failure(status: number, error: object): Answer {
  return { status, body: { error } };
}
