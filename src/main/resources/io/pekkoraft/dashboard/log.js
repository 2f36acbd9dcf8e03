// The last entries of each log, side by side, under their indices.

import { $, attribute, el, number, text } from './dom.js';
import { shorten } from './names.js';
import { state } from './state.js';

const CELL = 28; // A column and its gap, in CSS pixels.
const HEAD = 60;
const KINDS = {
  NO_OP: 'no-op', CONFIGURATION: 'configuration', OPEN_SESSION: 'opens a session', SESSION_COMMAND: 'command of a session',
  KEEP_ALIVE: 'keeps a session', CLOSE_SESSION: 'closes a session', COMMAND: 'command',
};

let shape = '';
let picked = null;
let newest = 0;

export function initLog() {
  const table = $('log');
  const pick = (event) => {
    const cell = event.target.closest('td[data-index]');
    picked = cell ? Number(cell.dataset.index) : null;
    describe();
  };
  table.addEventListener('pointerover', pick);
  table.addEventListener('pointerleave', (event) => {
    // A finger leaves as soon as it is lifted; what it has touched stays, to be read.
    if (event.pointerType !== 'touch') {
      picked = null;
      describe();
    }
  });
}

export function drawLog() {
  const { frame } = state;
  const peers = frame.peers.filter((peer) => peer.member !== false || peer.tail?.length);
  const most = Math.min(state.hello?.logEntries ?? 40, Math.floor(($('log').parentElement.clientWidth - HEAD) / CELL));
  const last = Math.max(0, ...peers.map((peer) => peer.last ?? 0));
  const count = Math.max(4, most);
  const first = Math.max(1, last - count + 1);
  build(peers, count);
  const [head, ...rows] = $('log').rows;
  for (let i = 0; i < count; i++) {
    const index = first + i;
    text(head.cells[i + 1], index % 5 === 0 ? String(index) : '');
  }
  peers.forEach((peer, row) => drawRow(rows[row], peer, first, count));
  newest = Math.max(newest, last);
  drawLatest(last);
  describe();
}

function build(peers, count) {
  const now = peers.map((peer) => `${peer.id}:${Boolean(peer.tail)}:${Boolean(peer.role)}`).join() + '/' + count;
  if (now === shape) {
    return;
  }
  shape = now;
  const table = $('log');
  const names = shorten(peers.map((peer) => peer.id));
  table.tHead.replaceChildren(el('tr', {}, el('th', { scope: 'col' }, el('span', { class: 'sr' }, 'Peer')),
    ...Array.from({ length: count }, () => el('th', { scope: 'col' }))));
  table.tBodies[0].replaceChildren(...peers.map((peer) => el('tr', { 'data-peer': peer.id },
    el('th', { scope: 'row', title: peer.id, 'aria-label': peer.id }, names.get(peer.id)),
    ...(peer.tail
      ? Array.from({ length: count }, () => el('td'))
      : [el('td', { class: 'word', colspan: count }, peer.role
        ? 'It runs in another process, which does not send its log here.'
        : 'No answer, so nothing is known of its log.')]))));
}

function drawRow(row, peer, first, count) {
  attribute(row, 'class', peer.role ? '' : 'away');
  if (!peer.tail) {
    return;
  }
  const match = state.frame.followers?.[peer.id]?.match;
  for (let i = 0; i < count; i++) {
    const index = first + i;
    const term = peer.tail[index - peer.tailFirst];
    const cell = row.cells[i + 1];
    attribute(cell, 'data-index', index);
    text(cell, term !== undefined ? String(term) : index < peer.first && index <= peer.last ? '\u00b7' : '');
    attribute(cell, 'class', marks(peer, index, term, match));
    cell.style.setProperty('--c', term === undefined ? 'transparent' : `var(--t${term % 5})`);
  }
}

function marks(peer, index, term, match) {
  const all = [];
  if (term === undefined) {
    all.push(index <= peer.last ? 'gone' : 'none');
  } else if (index <= peer.applied) {
    all.push('committed', 'applied');
  } else {
    all.push(index <= peer.commit ? 'committed' : 'open');
  }
  if (peer.snapshot !== undefined && index <= peer.snapshot && term !== undefined) {
    all.push('snap');
  }
  if (index === peer.snapshot) {
    all.push('snapend');
  }
  if (index === match && index <= peer.last) {
    all.push('match');
  }
  if (term !== undefined && index > newest && newest > 0) {
    all.push('fresh');
  }
  if (index === picked) {
    all.push('pick');
  }
  return all.join(' ');
}

/** The entries of one index; there are several if the logs differ. */
const at = (index) => [...state.entries.values()].filter((entry) => entry.index === index);

const words = (entry) => entry.label ?? KINDS[entry.kind] ?? entry.kind;

function drawLatest(last) {
  const list = $('latest');
  const entries = [...state.entries.values()].sort((a, b) => b.index - a.index || b.term - a.term).slice(0, 6);
  if (entries.length === 0) {
    list.replaceChildren(el('li', { class: 'empty' }, last ? 'The logs are in other processes.' : 'Nothing was written yet.'));
    return;
  }
  const now = entries.map((entry) => entry.index + '/' + entry.term).join();
  if (list.dataset.shows !== now) {
    list.dataset.shows = now;
    list.replaceChildren(...entries.map((entry) => el('li', { 'data-index': entry.index, title: words(entry) },
      el('span', {}, number(entry.index)), el('span', { class: entry.label ? '' : 'sys' }, words(entry)))));
  }
}

function describe() {
  const peers = state.frame?.peers ?? [];
  if (picked === null) {
    text($('log-detail'), '\u00a0');
    return;
  }
  const entries = at(picked).map((entry) => {
    const holders = peers.filter((peer) => peer.tail?.[picked - peer.tailFirst] === entry.term).map((peer) => peer.id);
    return `term ${entry.term}, ${words(entry)}, ${number(entry.size)} bytes, on ${holders.join(', ')}`;
  });
  text($('log-detail'), `Entry ${number(picked)}: ${entries.join('; or ') || 'not seen here'}.`);
}
