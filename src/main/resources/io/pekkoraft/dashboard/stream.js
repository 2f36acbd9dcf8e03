// Server-sent events by fetch: an EventSource can't send a token, and does not tell a 401 from a
// node that is gone.

import { askForToken, headers } from './api.js';

const SILENCE = 25_000; // The node says something every 10 s.
const WAITS = [500, 1000, 2000, 4000];

/**
 * Listens until the page is closed.
 *
 * @param onEvent (type, data)
 * @param onState 'live', 'lost' (with the milliseconds until the next try) or 'full'
 */
export async function listen(path, onEvent, onState) {
  let last = null;
  let failures = 0;
  for (;;) {
    let full = false;
    try {
      await follow(path, last, (event) => {
        failures = 0;
        last = event.id ?? last;
        full ||= event.type === 'full';
        onEvent(event.type, JSON.parse(event.data));
      }, () => onState('live', 0));
    } catch (failure) {
      if (failure.status === 401) {
        onState('lost', 0);
        if (await askForToken()) {
          continue;
        }
      }
    }
    const wait = full ? 10_000 : WAITS[Math.min(failures++, WAITS.length - 1)];
    onState(full ? 'full' : 'lost', wait);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function follow(path, last, onEvent, onOpen) {
  const abort = new AbortController();
  let watchdog = setTimeout(() => abort.abort(), SILENCE);
  try {
    const response = await fetch(path, {
      headers: headers(last ? { Accept: 'text/event-stream', 'Last-Event-ID': last } : { Accept: 'text/event-stream' }),
      signal: abort.signal,
      cache: 'no-store',
    });
    if (!response.ok) {
      throw Object.assign(new Error(response.statusText), { status: response.status });
    }
    onOpen();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parse = parser(onEvent);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE);
      parse(value);
    }
  } finally {
    clearTimeout(watchdog);
    abort.abort();
  }
}

/** The line format of the HTML standard, as far as a server of ours uses it. */
export function parser(onEvent) {
  let rest = '';
  let event = { data: [] };
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line === '') {
        const data = event.data.join('\n');
        if (data !== '') {
          onEvent({ type: event.type ?? 'message', id: event.id, data });
        }
        event = { data: [] };
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') {
        event.data.push(value);
      } else if (field === 'event') {
        event.type = value;
      } else if (field === 'id') {
        event.id = value;
      }
    }
  };
}
