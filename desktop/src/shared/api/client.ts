import { observeServerDate } from '../format/clock.ts';
import { networkProblem, problemFrom } from './problem.ts';
import type { Json } from './types.ts';

export const API_BASE = '/api/v1';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
type QueryValue = string | number | boolean | null | undefined;

export interface CallOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  /** The version that the edit was made from; the server refuses it with 409 when it is stale. */
  ifMatch?: number;
  signal?: AbortSignal;
  /** Goes on although the page is left; for bodies of up to 64 KB. */
  keepalive?: boolean;
}

let onSignedOut: () => void = () => undefined;

/** Says what happens when the server no longer knows our session (401 on any call but sign-in). */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

/** Says that the session is gone, for calls that do not go through `call`. */
export function signedOut(): void {
  onSignedOut();
}

export function queryString(query: Record<string, QueryValue>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** One call to the API. Throws ApiProblem for every answer that is not 2xx, and for no answer at all. */
async function answerOf(
  method: Method,
  path: string,
  { query = {}, body, ifMatch, signal, keepalive = false }: CallOptions,
): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: 'application/json, application/problem+json',
    // What the server says of a failure is read by the person at this page.
    'Accept-Language': document.documentElement.lang,
  };
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json';
  if (ifMatch !== undefined) headers['If-Match'] = `"${ifMatch}"`;
  const init: RequestInit = {
    method,
    headers,
    credentials: 'same-origin',
    signal: signal ?? null,
    keepalive,
  };
  if (body !== undefined) init.body = form ? body : JSON.stringify(body);

  let response: Response;
  try {
    response = await fetch(`${API_BASE}${path}${queryString(query)}`, init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw networkProblem(error);
  }
  observeServerDate(response.headers.get('date'));
  if (!response.ok) {
    const problem = await problemFrom(response);
    if (problem.status === 401 && !path.startsWith('/auth/')) onSignedOut();
    throw problem;
  }
  return response;
}

/** One call to the API. Returns the decoded body (`undefined` for 204). Throws like `answerOf`. */
export async function call<Answer>(
  method: Method,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const response = await answerOf(method, path, options);
  if (response.status === 204) return undefined as Answer;
  return (await response.json()) as Answer;
}

/** Saves the answer of a POST as a file. Throws ApiProblem for every answer that is not 2xx. */
export async function download(
  path: string,
  body: Json,
  query: Record<string, QueryValue>,
  name: string,
): Promise<void> {
  const response = await answerOf('POST', path, { query, body });
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export const api = {
  get: <Answer>(path: string, options?: CallOptions) => call<Answer>('GET', path, options),
  post: <Answer>(path: string, body?: unknown, options?: CallOptions) =>
    call<Answer>('POST', path, { ...options, body }),
  patch: <Answer>(path: string, body: unknown, options?: CallOptions) =>
    call<Answer>('PATCH', path, { ...options, body }),
  put: <Answer>(path: string, body: Json, options?: CallOptions) =>
    call<Answer>('PUT', path, { ...options, body }),
  delete: <Answer>(path: string, options?: CallOptions) => call<Answer>('DELETE', path, options),
};
