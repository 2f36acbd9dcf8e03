// What happened, the newest first.

import { $, el } from './dom.js';

const MOST = 200;

const latest = new Map(); // What each peer has said last.

/** What a peer says again is counted, at the top, and does not push the others out. */
export function addEvent(event) {
  const said = words(event);
  const when = new Date(event.at);
  const last = latest.get(event.peer);
  if (last?.said === said) {
    last.count++;
    last.counter.textContent = `\u00d7${last.count}`;
    time(last.time, when);
    $('events').prepend(last.item);
    return;
  }
  const lead = event.kind === 'RoleChanged' && event.role === 'LEADER';
  const counter = el('span', { class: 'count' });
  const at = el('time');
  time(at, when);
  const item = el('li', {}, at,
    el('span', { class: 'who' }, event.peer),
    el('span', { class: event.trouble ? 'trouble' : lead ? 'lead' : '' }, said, ' ', counter));
  latest.set(event.peer, { said, count: 1, counter, time: at, item });
  add(item);
}

function time(element, when) {
  element.setAttribute('datetime', when.toISOString());
  element.textContent = when.toLocaleTimeString('en-GB');
}

export function addGap(count) {
  latest.clear();
  add(el('li', {}, el('span', { class: 'gap' }, `This page was too slow, or away: it has not heard ${count} messages.`)));
}

function add(item) {
  const list = $('events');
  list.prepend(item);
  while (list.children.length > MOST) {
    list.lastChild.remove();
  }
}

function words(event) {
  if (event.kind === 'ConfigurationChanged') {
    const { voters, outgoing, learners } = event.members;
    const all = `voters ${voters.join(', ') || 'none'}${outgoing.length ? `, with ${outgoing.join(', ')} before` : ''}${learners.length ? `; learners ${learners.join(', ')}` : ''}`;
    return `${event.committed ? 'knows as committed' : 'uses'}: ${all}`;
  }
  if (event.kind !== 'RoleChanged') {
    return event.words;
  }
  const what = {
    LEADER: 'leads',
    FOLLOWER: event.leader ? `follows ${event.leader}` : 'waits for a leader',
    PRE_CANDIDATE: 'hears no leader and asks whether it could win an election',
    CANDIDATE: 'stands for election',
    RECOVERING: 'reads its journal',
  }[event.role];
  return `${what}, term ${event.term}`;
}
