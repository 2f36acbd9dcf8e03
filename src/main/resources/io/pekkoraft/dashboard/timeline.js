// Who played which part, over the last minutes.

import { $, attribute, color, font, sharp } from './dom.js';
import { plural, shorten } from './names.js';
import { state, WINDOW } from './state.js';

const ROW = 22;
const LEFT = 56;
const FOOT = 20;
const TOP = 18;

export function drawTimeline() {
  const { frame, segments } = state;
  const canvas = $('timeline');
  const peers = frame.peers.map((peer) => peer.id);
  const names = shorten(peers);
  const width = canvas.parentElement.clientWidth - 36;
  const height = TOP + peers.length * ROW + FOOT;
  canvas.style.height = height + 'px';
  const context = sharp(canvas, width, height);
  const end = frame.at;
  const begin = end - WINDOW;
  const x = (at) => LEFT + ((Math.max(begin, at) - begin) / WINDOW) * (width - LEFT);
  const colors = { LEADER: color('accent'), CANDIDATE: color('amber'), PRE_CANDIDATE: color('amber'), RECOVERING: color('amber'), FOLLOWER: color('line'), DOWN: null };
  const ink = color('ink');
  const muted = color('muted');
  const elections = [];
  context.textBaseline = 'middle';
  peers.forEach((peer, row) => {
    const y = TOP + row * ROW;
    context.fillStyle = ink;
    context.font = font(13, 600);
    context.fillText(names.get(peer), 0, y + ROW / 2);
    const list = segments.get(peer) ?? [];
    list.forEach((segment, i) => {
      const until = list[i + 1]?.from ?? end;
      if (until < begin) {
        return;
      }
      if (segment.role === 'LEADER' && segment.from >= begin) {
        elections.push(segment);
      }
      const from = x(segment.from);
      const wide = Math.max(2, x(until) - from);
      const fill = colors[segment.role];
      if (fill) {
        context.fillStyle = fill;
        const tall = segment.role === 'FOLLOWER' ? 4 : 12;
        context.beginPath();
        context.roundRect(from, y + (ROW - tall) / 2, wide, tall, segment.role === 'FOLLOWER' ? 0 : 3);
        context.fill();
      }
    });
  });
  terms(context, elections, x, muted, width);
  context.fillStyle = muted;
  context.font = font(11);
  for (let minutes = 0; minutes <= 3; minutes++) {
    const at = x(end - minutes * 60_000);
    context.textAlign = minutes === 0 ? 'right' : minutes === 3 ? 'left' : 'center';
    context.fillText(minutes === 0 ? 'now' : `\u2212${minutes} min`, at, height - 7);
  }
  context.textAlign = 'left';
  attribute(canvas, 'aria-label', words(elections, end));
}

/** Where a term began; the newest first, for where there is no room it is the older ones that go. */
function terms(context, elections, x, muted, width) {
  context.font = font(11);
  context.fillStyle = muted;
  context.textAlign = 'left';
  let free = width + 8;
  for (const { from, term } of elections.sort((a, b) => b.from - a.from)) {
    const label = 'term ' + term;
    const wide = context.measureText(label).width;
    const at = Math.min(x(from), width - wide);
    if (at + wide + 8 <= free) {
      context.fillText(label, at, 8);
      free = at;
    }
  }
}

function words(elections, end) {
  const leader = state.frame.leader;
  const now = leader ? `${leader} leads now.` : 'Nobody leads now.';
  const last = elections[0];
  return `${now} ${plural(elections.length, 'election')} won in the last three minutes${last ? `, the last ${Math.round((end - last.from) / 1000)} seconds ago` : ''}.`;
}
