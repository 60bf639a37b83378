export interface SseMessage {
  id: string | null;
  event: string;
  data: string;
}

/**
 * Cuts a stream of text, in whatever pieces it comes, into server-sent messages.
 * Comment lines (the server's pings) carry no message; the caller sees them as bytes.
 */
export function createSseParser(onMessage: (message: SseMessage) => void) {
  let rest = '';
  let id: string | null = null;
  let event = '';
  let data: string[] = [];

  function line(text: string): void {
    if (text === '') {
      if (data.length > 0) onMessage({ id, event: event || 'message', data: data.join('\n') });
      event = '';
      data = [];
      return;
    }
    if (text.startsWith(':')) return;
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const raw = colon === -1 ? '' : text.slice(colon + 1);
    const value = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id') id = value;
  }

  return (chunk: string): void => {
    rest += chunk;
    // A carriage return at the very end may be the first half of CRLF: wait for what follows.
    const complete = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const lines = complete.split(/\r\n|\n|\r/);
    const last = lines.pop() ?? '';
    rest = rest.endsWith('\r') ? `${last}\r` : last;
    for (const text of lines) line(text);
  };
}
