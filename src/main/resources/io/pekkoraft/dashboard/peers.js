// The peers one by one: what they are, and what can be done to them.

import { $, attribute, el, number, text } from './dom.js';
import { getJson } from './api.js';
import { act, sure } from './actions.js';
import { OPEN, roleOf, state } from './state.js';

const EXPLAIN_EVERY = 2000;

const rows = new Map();

export function drawPeers() {
  const { frame } = state;
  const list = $('peers');
  for (const [id, row] of rows) {
    if (!frame.peers.some((peer) => peer.id === id)) {
      row.item.remove();
      rows.delete(id);
    }
  }
  for (const peer of frame.peers) {
    if (!rows.has(peer.id)) {
      rows.set(peer.id, create(peer.id));
      list.append(rows.get(peer.id).item);
    }
    draw(rows.get(peer.id), peer);
  }
}

/** Opens what can be done to a peer, and goes there. */
export function showPeer(id) {
  const row = rows.get(id);
  if (row) {
    open(row, true);
    row.item.scrollIntoView({ block: 'nearest' });
    row.toggle.focus({ preventScroll: true });
  }
}

function button(label, name, onclick) {
  return el('button', { type: 'button', 'data-action': name, onclick }, label);
}

function create(id) {
  const row = { id, peer: null, opened: false };
  const control = (verb) => () => act(row.power, `/demo/peers/${encodeURIComponent(id)}/${verb}`, undefined, DONE[verb](id));
  row.badge = el('span', { class: 'role' });
  row.cutBadge = el('span', { class: 'role isolated', hidden: true }, 'isolated');
  row.facts = el('div', { class: 'facts' });
  row.power = button('Stop', 'power', () => control(row.peer.role ? 'stop' : 'start')());
  row.cut = button('Isolate', 'isolate', (e) => act(e.currentTarget, `/demo/peers/${encodeURIComponent(id)}/${row.peer.isolated ? 'heal' : 'isolate'}`, undefined, DONE[row.peer.isolated ? 'heal' : 'isolate'](id)));
  row.toggle = el('button', { type: 'button', class: 'quiet', 'aria-expanded': 'false', 'aria-controls': 'more-' + id, 'aria-label': `More about ${id}`, onclick: () => open(row, !row.opened) }, 'More');
  row.restart = button('Restart', 'restart', (e) => act(e.currentTarget, `/demo/peers/${encodeURIComponent(id)}/restart`, undefined, DONE.restart(id)));
  row.transfer = button('Make leader', 'transfer', (e) => act(e.currentTarget, '/raft/transfer', { to: id }, `The leader has handed over to ${id}.`));
  row.snapshot = button('Take a snapshot', 'snapshot', (e) => act(e.currentTarget, '/raft/snapshot', { peer: id }, (json) => `${id} has a snapshot through ${json[id].index}.`));
  row.remove = button('Remove', 'remove', (e) => sure(e.currentTarget, `Remove ${id} from the group?`, (b) => act(b, '/raft/members', { remove: [id], from: state.frame.members.version }, `${id} no longer belongs to the group.`)));
  row.why = el('p', { class: 'why', 'aria-live': 'polite' });
  row.more = el('div', { class: 'more', id: 'more-' + id, hidden: true },
    el('div', { class: 'buttons' }, row.transfer, row.snapshot, row.restart, row.remove), row.why);
  row.item = el('li', { class: 'peer', 'data-peer': id },
    el('div', { class: 'peer-row' },
      el('span', { class: 'peer-id' }, id),
      el('div', { class: 'peer-main' }, row.badge, row.cutBadge, row.facts),
      el('div', { class: 'peer-buttons' }, row.power, row.cut, row.toggle)),
    row.more);
  return row;
}

const DONE = {
  stop: (id) => `${id} has stopped.`,
  start: (id) => `${id} runs and has caught up.`,
  restart: (id) => `${id} has restarted and caught up.`,
  isolate: (id) => `${id} is cut off from the others.`,
  heal: (id) => `${id} hears the others again.`,
};

function open(row, opened) {
  row.opened = opened;
  row.more.hidden = !opened;
  row.toggle.setAttribute('aria-expanded', String(opened));
  text(row.toggle, opened ? 'Less' : 'More');
  if (opened) {
    text(row.why, '\u2026');
    explain(row);
  }
}

/** Why it makes no progress, in the peer's own words. */
async function explain(row) {
  row.explained = Date.now();
  try {
    const explained = (await getJson('/raft/explain')).peers[row.id];
    text(row.why, explained ? explained.words : 'Nothing is known about it here.');
  } catch (failure) {
    text(row.why, failure.message);
  }
}

function draw(row, peer) {
  row.peer = peer;
  const role = roleOf(peer);
  const controls = state.hello?.peerControls ?? false;
  if (row.opened && Date.now() - row.explained > EXPLAIN_EVERY) {
    explain(row);
  }
  attribute(row.item, 'data-role', role);
  attribute(row.item, 'data-controls', controls);
  attribute(row.badge, 'class', `role ${role === 'leader' ? 'leader' : role === 'down' ? 'down' : OPEN.has(peer.role) ? 'open' : ''}`);
  text(row.badge, role === 'down' && !controls ? 'no answer' : role);
  row.cutBadge.hidden = !peer.isolated;
  text(row.facts, facts(peer));
  for (const part of [row.power, row.cut, row.restart]) {
    part.hidden = !controls;
  }
  if (row.power.getAttribute('aria-busy') !== 'true') {
    text(row.power, peer.role ? 'Stop' : 'Start');
    attribute(row.power, 'aria-label', `${peer.role ? 'Stop' : 'Start'} ${peer.id}`);
  }
  if (row.cut.getAttribute('aria-busy') !== 'true') {
    text(row.cut, peer.isolated ? 'Heal' : 'Isolate');
    attribute(row.cut, 'aria-label', `${peer.isolated ? 'Heal' : 'Isolate'} ${peer.id}`);
    row.cut.disabled = !peer.role && !peer.isolated;
  }
  row.transfer.hidden = role === 'leader';
  row.transfer.disabled = role !== 'follower';
  row.snapshot.disabled = !peer.role;
  row.restart.disabled = !peer.role;
  row.remove.disabled = !state.frame.members || !peer.member;
}

function facts(peer) {
  if (!peer.role) {
    return state.hello?.peerControls ? 'It does not run.' : 'It does not run, or can\u2019t be reached.';
  }
  const parts = ['term ' + peer.term, peer.votedFor ? 'voted ' + peer.votedFor : 'no vote'];
  if (peer.disowned) {
    return 'It has lost its disk: remove it and add it anew.';
  }
  const follower = state.frame.followers?.[peer.id];
  const leader = state.frame.peers.find((other) => other.id === state.frame.leader);
  if (follower && leader && leader.last > follower.match && follower.state === 'REPLICATE') {
    parts.push(`${number(leader.last - follower.match)} behind`);
  }
  if (follower && follower.state !== 'REPLICATE') {
    parts.push(follower.state === 'SNAPSHOT' ? 'is sent a snapshot' : 'probed by the leader');
  }
  parts.push(`applied ${number(peer.applied)}`);
  if (peer.quiet) {
    parts.push('quiet');
  } else if (peer.wait) {
    parts.push(`time-out ${peer.wait.whole} ms`);
  }
  return parts.join(' \u00b7 ');
}
