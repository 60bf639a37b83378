import { afterEach, expect, it, vi } from 'vitest';
import type { Customer } from '../api/types.ts';
import { customer, desk, event } from './fixtures.ts';
import { liveStore, startLive, withEventsMeanwhile } from './live.ts';
import { applyToCustomer } from './resources.ts';

afterEach(() => vi.unstubAllGlobals());

/** Serves the snapshot and one event stream; returns what sends on that stream. */
function serve(): (text: string) => void {
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (made) => {
      stream = made;
    },
  });
  vi.stubGlobal('fetch', (url: string | Request) =>
    Promise.resolve(
      String(url).includes('/desk/snapshot')
        ? new Response(JSON.stringify(desk()), { status: 200 })
        : new Response(body, { status: 200 }),
    ),
  );
  return (text) => stream?.enqueue(new TextEncoder().encode(text));
}

it('applies to an answer what the stream told while it was on its way', async () => {
  const send = serve();
  const stop = startLive();
  await vi.waitFor(() => expect(liveStore.get().state).not.toBeNull());
  const position = liveStore.get().state?.desk.position ?? 0;

  let answer: (found: Customer) => void = () => undefined;
  const asked = withEventsMeanwhile(
    () => new Promise<Customer>((resolve) => (answer = resolve)),
    applyToCustomer,
  );
  const told = event('customer.changed', {
    customer: customer({ version: 2, company_name: 'After Ltd' }),
  });
  send(`id: ${position + 1}\ndata: ${JSON.stringify({ ...told, pos: position + 1 })}\n\n`);
  await vi.waitFor(() => expect(liveStore.get().state?.desk.position).toBe(position + 1));
  answer(customer({ version: 1, company_name: 'Before Ltd' }));

  expect((await asked).company_name).toBe('After Ltd');
  stop();
});
