// The peers on a ring, and the messages between them as they fly.

import { $, attribute, calm, color, number, sharp, svg, text } from './dom.js';
import { plural, shorten } from './names.js';
import { OPEN, roleOf, state } from './state.js';

const CENTER = { x: 240, y: 200 };
const MOST = 150;
const COLORS = {
  HEARTBEAT: 'faint', APPEND: 'accent', ACCEPT: 'accent', REJECT: 'red', PRE_VOTE: 'amber', VOTE: 'amber',
  GRANT: 'amber', REFUSE: 'red', SNAPSHOT: 'violet', TRANSFER: 'violet', OTHER: 'faint',
};
const ANSWERS = new Set(['ACCEPT', 'REJECT', 'GRANT', 'REFUSE']);

const nodes = new Map();
let places = new Map();
let radius = 36;
let view = { top: 0, height: 400 };
let flying = [];
let running = false;
let palette = {};
let onPick = () => {};

export function initRing(pick) {
  onPick = pick;
  $('ring-svg').append(
    svg('circle', { class: 'orbit', cx: CENTER.x, cy: CENTER.y, r: 138 }),
    svg('text', { class: 'middle-big', x: CENTER.x, y: CENTER.y + 2, id: 'ring-term' }),
    svg('text', { class: 'middle', x: CENTER.x, y: CENTER.y + 22, id: 'ring-quorum' }),
  );
  recolor();
}

export function recolor() {
  palette = Object.fromEntries(Object.entries(COLORS).map(([kind, name]) => [kind, color(name)]));
  palette.lost = color('red');
}

export function drawRing() {
  const { frame } = state;
  layout(frame.peers.map((peer) => peer.id));
  for (const peer of frame.peers) {
    draw(nodes.get(peer.id), peer);
  }
  const voters = frame.members?.voters ?? [];
  const up = frame.peers.filter((peer) => voters.includes(peer.id) && peer.role && !peer.isolated).length;
  const term = Math.max(0, ...frame.peers.map((peer) => peer.term ?? 0));
  text($('ring-term'), term ? 'term ' + term : '');
  text($('ring-quorum'), voters.length ? `${up} of ${plural(voters.length, 'voter')} up` : '');
  attribute($('ring-svg'), 'aria-label',
    frame.peers.map((peer) => `${peer.id}: ${roleOf(peer)}${peer.isolated ? ', isolated' : ''}`).join('; '));
}

function layout(ids) {
  if (ids.length === places.size && ids.every((id) => places.has(id))) {
    return;
  }
  radius = ids.length <= 5 ? 36 : Math.max(17, 150 / ids.length);
  places = new Map(ids.map((id, i) => {
    const angle = -Math.PI / 2 + (i * 2 * Math.PI) / ids.length;
    return [id, { x: CENTER.x + 138 * Math.cos(angle), y: CENTER.y + 138 * Math.sin(angle) }];
  }));
  const heights = [...places.values()].map((place) => place.y);
  const margin = radius + 36; // For what is written above and below.
  view = { top: Math.min(...heights) - margin, height: Math.max(...heights) - Math.min(...heights) + 2 * margin };
  $('ring-svg').setAttribute('viewBox', `0 ${view.top} 480 ${view.height}`);
  for (const [id, node] of nodes) {
    if (!places.has(id)) {
      node.group.remove();
      nodes.delete(id);
    }
  }
  const names = shorten(ids);
  for (const [id, place] of places) {
    if (!nodes.has(id)) {
      nodes.set(id, create(id));
    }
    const node = nodes.get(id);
    text(node.id, names.get(id));
    node.group.setAttribute('transform', `translate(${place.x} ${place.y})`);
    for (const [part, more] of [['disc', 0], ['wait', 6], ['cut', 11]]) {
      node[part].setAttribute('r', radius + more);
    }
  }
}

function create(id) {
  const node = {
    cut: svg('circle', { class: 'cut' }),
    wait: svg('circle', { class: 'wait', transform: 'rotate(-90)', pathLength: 100 }),
    disc: svg('circle', { class: 'disc' }),
    id: svg('text', { class: 'id', y: 5 }),
    sub: svg('text', { class: 'sub' }),
  };
  const pick = () => onPick(id);
  node.group = svg('g', {
    class: 'node', tabindex: 0, role: 'button', 'data-peer': id,
    onclick: pick,
    onkeydown: (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        pick();
      }
    },
  }, node.cut, node.wait, node.disc, node.id, node.sub);
  $('ring-svg').append(node.group);
  return node;
}

function draw(node, peer) {
  const role = roleOf(peer);
  const kind = role === 'leader' ? 'leader' : role === 'down' ? 'down' : OPEN.has(peer.role) ? 'open' : '';
  attribute(node.group, 'class', `node ${kind} ${peer.isolated ? 'isolated' : ''}`);
  attribute(node.group, 'aria-label', `${peer.id}, ${role}; show what can be done`);
  attribute(node.sub, 'y', places.get(peer.id).y < CENTER.y - 60 ? -radius - 17 : radius + 27);
  text(node.sub, peer.isolated ? `${role}, isolated` : role);
  // What is left of the election time-out, as the peer said it some moments ago. In quiet it rests.
  const part = peer.wait && peer.wait.whole > 0 && !peer.quiet ? Math.min(1, peer.wait.left / peer.wait.whole) : 0;
  attribute(node.wait, 'stroke-dasharray', part > 0 ? `${(part * 100).toFixed(1)} 200` : '0 200');
  node.wait.style.visibility = part > 0 ? 'visible' : 'hidden';
}

export function fly(message) {
  const { shown, total } = state.flights.perSecond;
  const elsewhere = state.frame?.peers.some((peer) => peer.role && !peer.tail);
  text($('sampled'), (total > 0
    ? `A sample: about ${number(Math.round(Math.min(shown, total)))} of ${number(Math.round(total))} messages a second, slowed down for the eye. Sent, not always received.`
    : 'A sample of the messages, slowed down for the eye.')
    + (elsewhere ? ' What peers of other processes send is not seen here.' : ''));
  if (calm.matches || document.hidden) {
    return;
  }
  const now = performance.now();
  const spread = (state.hello?.flightsMillis ?? 100) / Math.max(1, message.flights.length);
  if (!state.frame) {
    return;
  }
  message.flights.forEach((flight, i) => {
    if (flying.length < MOST && places.has(flight.from) && places.has(flight.to)) {
      const nobody = !state.frame.peers.find((peer) => peer.id === flight.to)?.role;
      flying.push({ ...flight, lost: flight.lost || nobody, begin: now + i * spread, takes: flight.kind === 'HEARTBEAT' ? 900 : 750 });
    }
  });
  if (!running && flying.length) {
    running = true;
    requestAnimationFrame(animate);
  }
}

function animate(now) {
  const box = $('ring').getBoundingClientRect();
  const context = sharp($('ring-canvas'), box.width, box.height);
  context.scale(box.width / 480, box.height / view.height);
  context.translate(0, -view.top);
  flying = flying.filter((flight) => now < flight.begin + flight.takes);
  for (const flight of flying) {
    if (now >= flight.begin) {
      dot(context, flight, (now - flight.begin) / flight.takes);
    }
  }
  running = flying.length > 0;
  if (running) {
    requestAnimationFrame(animate);
  }
}

/** There and back on two sides of the line, and no deeper than the discs' edges. */
function dot(context, flight, time) {
  const from = places.get(flight.from);
  const to = places.get(flight.to);
  if (!from || !to) {
    return;
  }
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = Math.hypot(dx, dy) || 1;
  const eased = time < 0.5 ? 2 * time * time : 1 - 2 * (1 - time) * (1 - time);
  const end = flight.lost ? 0.5 : 1;
  const along = radius + 8 + eased * end * (length - 2 * radius - 16);
  const side = 10 * Math.sin((along / length) * Math.PI);
  const x = from.x + (dx * along - dy * side) / length;
  const y = from.y + (dy * along + dx * side) / length;
  context.globalAlpha = flight.lost ? 1 - time : Math.min(1, 6 * (1 - time), 8 * time);
  context.beginPath();
  if (flight.lost && time > 0.6) {
    context.strokeStyle = palette.lost;
    context.lineWidth = 2;
    context.moveTo(x - 4, y - 4);
    context.lineTo(x + 4, y + 4);
    context.moveTo(x + 4, y - 4);
    context.lineTo(x - 4, y + 4);
    context.stroke();
    return;
  }
  const size = flight.kind === 'HEARTBEAT' ? 3 : Math.min(8, 4.5 + Math.log2(1 + (flight.entries ?? 0)) / 2);
  context.arc(x, y, size, 0, 2 * Math.PI);
  if (ANSWERS.has(flight.kind)) {
    context.strokeStyle = palette[flight.kind];
    context.lineWidth = 1.8;
    context.stroke();
  } else {
    context.fillStyle = palette[flight.kind] ?? palette.OTHER;
    context.fill();
  }
}
