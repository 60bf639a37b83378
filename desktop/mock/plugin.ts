import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { CONTROLS, NOTHING, Refusal, ROUTES, STREAM } from './routes.ts';
import { World } from './world.ts';

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (text === '') return {};
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value, value } : { value };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'Content-Type': type });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function matchPath(pattern: string, path: string): string[] | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const ids: string[] = [];
  for (const [index, part] of wanted.entries()) {
    if (part === '*') ids.push(decodeURIComponent(given[index] ?? ''));
    else if (part !== given[index]) return null;
  }
  return ids;
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const body = await readBody(request);
  if (url.pathname.startsWith('/mock/')) {
    const result = CONTROLS[url.pathname.slice('/mock/'.length)]?.(world, body);
    send(response, 200, result ?? {});
    return;
  }
  if (world.down) {
    send(response, 503, { type: 'unavailable', title: 'Unavailable', status: 503 });
    return;
  }
  const path = url.pathname.slice('/api/v1'.length);
  for (const [method, pattern, handler] of ROUTES) {
    const ids = method === request.method ? matchPath(pattern, path) : null;
    if (!ids) continue;
    if (!world.user && path !== '/auth/login') throw new Refusal(401, 'no_session', 'Sign in.');
    const given = /^"(\d+)"$/.exec(request.headers['if-match'] ?? '')?.[1];
    const ifMatch = given === undefined ? null : Number(given);
    const answer = handler({ world, query: url.searchParams, body, ids, ifMatch, response });
    if (answer === STREAM) return;
    send(response, answer === NOTHING ? 204 : 200, answer === NOTHING ? undefined : answer);
    return;
  }
  throw new Refusal(404, 'not_found', `There is no ${request.method} ${path}.`);
}

/** A pretended Ringdesk server inside Vite, for building the desktop and for its browser tests. */
export function mockServer(): Plugin {
  const world = new World();
  const middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (!/^\/(api\/v1|mock)\//.test(request.url ?? '')) {
      next();
      return;
    }
    handle(world, request, response).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, 'mock', String(error));
      send(response, refusal.status, {
        type: refusal.message,
        title: refusal.message,
        status: refusal.status,
        request_id: '0193-mock',
        ...refusal.extra,
      });
    });
  };
  return {
    name: 'ringdesk-mock',
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => void server.middlewares.use(middleware),
  };
}
