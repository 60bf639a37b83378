import { describe, expect, it } from 'vitest';
import { createSseParser, type SseMessage } from './sse.ts';

const STREAM =
  ': ping\n\nid: 7\nevent: call.changed\ndata: {"a":\ndata: 1}\n\nid: 8\r\ndata:x\r\n\r\n';
const MESSAGES: SseMessage[] = [
  { id: '7', event: 'call.changed', data: '{"a":\n1}' },
  { id: '8', event: 'message', data: 'x' },
];

function read(pieces: Iterable<string>): SseMessage[] {
  const messages: SseMessage[] = [];
  const feed = createSseParser((message) => messages.push(message));
  for (const piece of pieces) feed(piece);
  return messages;
}

describe('a stream of server-sent events', () => {
  it('is read whole', () => {
    expect(read([STREAM])).toEqual(MESSAGES);
  });

  it('is read the same in pieces of one character', () => {
    expect(read([...STREAM])).toEqual(MESSAGES);
  });

  it('is read the same wherever it is cut in two', () => {
    for (let at = 0; at <= STREAM.length; at += 1) {
      expect(read([STREAM.slice(0, at), STREAM.slice(at)])).toEqual(MESSAGES);
    }
  });

  it('gives nothing for pings and for a message that has not ended', () => {
    expect(read([': ping\n\n', 'data: half'])).toEqual([]);
  });
});
