import { afterEach, describe, expect, it, vi } from 'vitest';
import { api, queryString, whenSignedOut } from './client.ts';
import { ApiProblem } from './problem.ts';

function answer(status: number, body?: unknown, headers: Record<string, string> = {}) {
  const text = body === undefined ? null : JSON.stringify(body);
  const fetched = vi.fn(async () => new Response(text, { status, headers }));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

async function failure(call: Promise<unknown>): Promise<ApiProblem> {
  const problem = await call.catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ApiProblem);
  return problem as ApiProblem;
}

afterEach(() => {
  vi.unstubAllGlobals();
  whenSignedOut(() => undefined);
});

describe('a call to the API', () => {
  it('sends JSON with the version that the edit was made from', async () => {
    const fetched = answer(200, { id: 'edward' });
    await expect(api.patch('/customers/edward', { email: null }, { ifMatch: 3 })).resolves.toEqual({
      id: 'edward',
    });
    const [url, init] = fetched.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe('/api/v1/customers/edward');
    expect(init.body).toBe('{"email":null}');
    expect(init.headers).toMatchObject({ 'If-Match': '"3"', 'Content-Type': 'application/json' });
  });

  it('gives nothing for an answer without content', async () => {
    answer(204);
    await expect(api.post('/auth/logout')).resolves.toBeUndefined();
  });

  it('leaves empty values out of the address', () => {
    expect(queryString({ q: 'Öberg & co', cursor: null, page: 0, from: '' })).toBe(
      '?q=%C3%96berg+%26+co&page=0',
    );
    expect(queryString({})).toBe('');
  });
});

describe('a refused call', () => {
  it('names every field, the current record and the request', async () => {
    answer(409, {
      type: 'urn:ringdesk:problem:stale_version',
      title: 'Changed meanwhile',
      status: 409,
      detail: 'Look at it again.',
      errors: [{ field: 'email', code: 'invalid_email', message: 'No.' }],
      request_id: 'r-1',
      current: { version: 4 },
    });
    const problem = await failure(api.patch('/customers/edward', {}));
    expect(problem).toMatchObject({
      status: 409,
      slug: 'stale_version',
      detail: 'Look at it again.',
      requestId: 'r-1',
      current: { version: 4 },
    });
    expect(problem.fieldMessage('email')).toBe('No.');
    expect(problem.fieldMessage('phone_1')).toBeNull();
  });

  it('keeps status and request id when the body is no problem document', async () => {
    answer(502, undefined, { 'x-request-id': 'r-2' });
    const problem = await failure(api.get('/customers'));
    expect(problem).toMatchObject({ status: 502, requestId: 'r-2', errors: [] });
  });

  it('is a network problem when nobody answers', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    expect((await failure(api.get('/customers'))).isNetwork).toBe(true);
  });

  it('leads to sign-in when the session is gone, but not while signing in', async () => {
    const signedOut = vi.fn();
    whenSignedOut(signedOut);
    answer(401, { type: 'x', title: 'x' });
    await failure(api.post('/auth/login', {}));
    expect(signedOut).not.toHaveBeenCalled();
    await failure(api.get('/customers'));
    expect(signedOut).toHaveBeenCalledOnce();
  });
});
