import type { Tombstone } from './types.ts';

/** One field that the server refused, by its name on the wire. */
export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

/** A stored value that does not fit a change of its field. */
export interface Misfit {
  id: string;
  name: string;
  value: unknown;
  message: string;
}

/** A failure that the API explained (RFC 9457), or `network` when there was no answer at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly detail: string | null;
  readonly errors: readonly FieldProblem[];
  readonly requestId: string | null;
  /** The record as it is now; only with a 409 for a stale edit. */
  readonly current: unknown;
  /** Not a refusal but a question: the same request is taken once it is said that it is meant so. */
  readonly asks: boolean;
  /** Stored values that are in the way of a change; only with `values_do_not_fit`. */
  readonly misfits: readonly Misfit[];
  /** What is left of the customer; only with `customer_erased`. */
  readonly erasure: Tombstone | null;

  constructor(fields: {
    status: number;
    slug: string;
    title: string;
    detail?: string | null;
    errors?: readonly FieldProblem[];
    requestId?: string | null;
    current?: unknown;
    asks?: boolean;
    misfits?: readonly Misfit[];
    erasure?: Tombstone | null;
  }) {
    super(fields.title);
    this.status = fields.status;
    this.slug = fields.slug;
    this.title = fields.title;
    this.detail = fields.detail ?? null;
    this.errors = fields.errors ?? [];
    this.requestId = fields.requestId ?? null;
    this.current = fields.current;
    this.asks = fields.asks ?? false;
    this.misfits = fields.misfits ?? [];
    this.erasure = fields.erasure ?? null;
  }

  get isNetwork(): boolean {
    return this.status === 0;
  }

  /** Whether everything that is wrong can be shown beside one of these fields, or below one (`labels.en`, `teams[0]`). */
  isBeside(fields: readonly string[]): boolean {
    const shown = (error: FieldProblem) =>
      fields.some((field) => new RegExp(`^${field}($|[.[])`).test(error.field));
    return this.errors.length > 0 && this.errors.every(shown);
  }

  fieldMessage(field: string): string | null {
    return this.errors.find((error) => error.field === field)?.message ?? null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function fieldProblems(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((error) => ({
    field: textOf(error.field) ?? '',
    code: textOf(error.code) ?? '',
    message: textOf(error.message) ?? '',
  }));
}

/** Reads a failed response; a body that is no problem document still gives status and request id. */
export async function problemFrom(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const document = isRecord(body) ? body : {};
  const type = textOf(document.type) ?? 'unexpected';
  return new ApiProblem({
    status: response.status,
    slug: type.slice(Math.max(type.lastIndexOf('/'), type.lastIndexOf(':')) + 1),
    title: textOf(document.title) ?? `${response.status} ${response.statusText}`.trim(),
    detail: textOf(document.detail),
    errors: fieldProblems(document.errors),
    requestId: textOf(document.request_id) ?? response.headers.get('x-request-id'),
    current: document.current,
    asks: document.policy === 'warn',
    misfits: Array.isArray(document.sample) ? (document.sample as Misfit[]) : [],
    erasure: isRecord(document.erasure) ? (document.erasure as unknown as Tombstone) : null,
  });
}

export function networkProblem(cause: unknown): ApiProblem {
  const problem = new ApiProblem({
    status: 0,
    slug: 'network',
    title: 'No answer from the server',
  });
  problem.cause = cause;
  return problem;
}
