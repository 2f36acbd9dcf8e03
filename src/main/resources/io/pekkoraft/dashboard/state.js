// What is known, made of what the node tells. Times of the node, in milliseconds since 1970.

export const WINDOW = 180_000;
const MOST_SEGMENTS = 400;
const MOST_SAMPLES = 1200;

export const state = {
  hello: null,
  frame: null,
  entries: new Map(), // 'index/term' -> what it says
  segments: new Map(), // peer -> [{from, role, term}]
  samples: { at: [], rate: [], median: [], p99: [] },
  flights: { shown: 0, total: 0, second: 0, perSecond: { shown: 0, total: 0 } },
};

export const OPEN = new Set(['CANDIDATE', 'PRE_CANDIDATE', 'RECOVERING']);

const ROLES = { LEADER: 'leader', FOLLOWER: 'follower', CANDIDATE: 'candidate', PRE_CANDIDATE: 'pre-candidate', RECOVERING: 'recovering' };

export function roleOf(peer) {
  if (!peer.role) {
    return 'down';
  }
  if (peer.role === 'FOLLOWER' && peer.learner) {
    return 'learner';
  }
  return peer.member === false && peer.role !== 'RECOVERING' ? 'no member' : ROLES[peer.role];
}

export function onHello(hello) {
  state.hello = hello;
}

export function onFrame(frame) {
  const before = state.frame;
  state.frame = frame;
  state.entries = new Map(frame.entries.map((entry) => [entry.index + '/' + entry.term, entry]));
  for (const peer of frame.peers) {
    segment(peer.id, frame.at, peer.role ?? 'DOWN', peer.term ?? 0);
  }
  sample(before, frame);
}

/** Exact to the moment; the frames fill in what no event tells, a peer that was stopped. */
export function onEvent(event) {
  if (event.kind === 'RoleChanged') {
    segment(event.peer, event.at, event.role, event.term);
  }
}

function segment(peer, at, role, term) {
  if (!state.segments.has(peer)) {
    state.segments.set(peer, []);
  }
  const list = state.segments.get(peer);
  const last = list[list.length - 1];
  const same = last && last.role === role && (last.term === term || role === 'DOWN');
  if (!same && (!last || at >= last.from)) {
    list.push({ from: at, role, term });
    if (list.length > MOST_SEGMENTS) {
      list.shift();
    }
  }
}

export const commitOf = (frame) => Math.max(0, ...frame.peers.map((peer) => peer.commit ?? 0));

function sample(before, frame) {
  const { samples } = state;
  const passed = before ? (frame.at - before.at) / 1000 : 0;
  const rate = passed > 0 && passed < 5 ? Math.max(0, commitOf(frame) - commitOf(before)) / passed : null;
  samples.at.push(frame.at / 1000);
  samples.rate.push(rate);
  const known = frame.batches.count > 0;
  samples.median.push(known ? frame.batches.median / 1000 : null);
  samples.p99.push(known ? frame.batches.p99 / 1000 : null);
  if (samples.at.length > MOST_SAMPLES) {
    Object.values(samples).forEach((list) => list.shift());
  }
}

/** The mean of the last second, so that a figure can be read. */
export function recentRate() {
  const { at, rate } = state.samples;
  const end = at[at.length - 1];
  const last = rate.filter((value, i) => value !== null && at[i] > end - 2);
  return last.length ? last.reduce((a, b) => a + b) / last.length : null;
}

/** The last that was measured, if it is no older than five seconds. */
export function recentLatency() {
  const { at, median, p99 } = state.samples;
  for (let i = at.length - 1; i >= 0 && at[i] > at[at.length - 1] - 5; i--) {
    if (median[i] !== null) {
      return { median: median[i], p99: p99[i] };
    }
  }
  return null;
}

export function onFlights(message, now) {
  const { flights } = state;
  if (now - flights.second >= 1000) {
    const passed = (now - flights.second) / 1000;
    flights.perSecond = passed < 3
      ? { shown: flights.shown / passed, total: flights.total / passed }
      : { shown: message.flights.length * 10, total: message.total * 10 };
    Object.assign(flights, { second: now, shown: 0, total: 0 });
  }
  flights.shown += message.flights.length;
  flights.total += message.total;
}
