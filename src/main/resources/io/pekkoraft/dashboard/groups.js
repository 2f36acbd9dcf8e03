// The groups of this node, each a cell; a thousand of them on one canvas.

import { $, color, number, sharp, text } from './dom.js';
import { getJson } from './api.js';

const LAG = 1000; // From so many entries on, a follower lags: pekko-raft.insight.lag is larger.
const EVERY = 2000;

let groups = [];
let columns = 1;
let size = 14;
let picked = null; // The name of a group.
let seen = true;

export function initGroups() {
  const canvas = $('groups');
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / size);
    const index = Math.floor((event.clientY - box.top) / size) * columns + column;
    pick(column < columns ? groups[index] : undefined);
  };
  canvas.addEventListener('pointermove', point);
  canvas.addEventListener('pointerdown', point);
  canvas.addEventListener('pointerleave', (event) => {
    // A finger leaves as soon as it is lifted; what it has touched stays, to be read.
    if (event.pointerType !== 'touch') {
      pick(undefined);
    }
  });
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (step !== undefined && groups.length) {
      event.preventDefault();
      const from = groups.findIndex((group) => group.group === picked);
      pick(groups[Math.min(groups.length - 1, Math.max(0, (from < 0 ? -step : from) + step))]);
    }
  });
  new IntersectionObserver(([entry]) => { seen = entry.isIntersecting; }).observe(canvas);
  poll();
}

async function poll() {
  if (!document.hidden && (seen || groups.length <= 1)) {
    try {
      groups = (await getJson('/raft/groups')).groups;
      drawGroups();
    } catch {
      // The stream tells that the node is away.
    }
  }
  setTimeout(poll, EVERY);
}

function kindOf(group) {
  if (!group.leader) {
    return 'none';
  }
  return group.lag >= LAG ? 'lag' : group.leads ? 'here' : 'there';
}

export function drawGroups() {
  $('groups-card').hidden = groups.length < 2;
  if (groups.length < 2) {
    return;
  }
  const canvas = $('groups');
  const width = canvas.parentElement.clientWidth - 36;
  size = groups.length > 3000 ? 7 : groups.length > 400 ? (width < 500 ? 12 : 16) : 22;
  columns = Math.max(1, Math.floor(width / size));
  const height = Math.ceil(groups.length / columns) * size;
  canvas.style.height = height + 'px';
  const context = sharp(canvas, width, height);
  const colors = { none: color('red'), lag: color('amber'), here: color('accent'), there: color('line-strong') };
  groups.forEach((group, i) => {
    context.fillStyle = colors[kindOf(group)];
    context.globalAlpha = group.quiet ? 0.55 : 1;
    context.beginPath();
    context.roundRect((i % columns) * size, Math.floor(i / columns) * size, size - 2, size - 2, size > 10 ? 3 : 1);
    context.fill();
  });
  context.globalAlpha = 1;
  const at = groups.findIndex((group) => group.group === picked);
  if (at >= 0) {
    context.strokeStyle = color('ink');
    context.lineWidth = 2;
    context.strokeRect((at % columns) * size, Math.floor(at / columns) * size, size - 2, size - 2);
  }
  describe(groups[at]);
  const count = (kind) => groups.filter((group) => kindOf(group) === kind).length;
  const led = groups.filter((group) => group.leads).length;
  const none = count('none');
  const quiet = groups.filter((group) => group.quiet).length;
  text($('groups-sum'), `${number(groups.length)} groups, ${number(led)} led here${quiet ? `, ${number(quiet)} quiet` : ''}${none ? `, ${number(none)} without a leader` : ''}`);
}

function pick(group) {
  picked = group?.group ?? null;
  drawGroups();
}

function describe(group) {
  text($('groups-detail'), group
    ? `${group.group}: ${group.leader ? `${group.leader} leads in term ${group.term}` : `no leader known in term ${group.term}`}${group.quiet ? ', quiet' : ''}; committed ${number(group.commit)}`
      + (group.lag === null ? '' : `; the slowest follower is ${number(group.lag)} behind`) + `; here: ${group.here.join(', ')}.`
    : 'Point at a group, or move with the arrow keys.');
}
