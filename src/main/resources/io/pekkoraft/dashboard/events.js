// What happened, the newest first.

import { $, el } from './dom.js';

const MOST = 200;

let last = null;

/** The same again is counted, and does not push the others out. */
export function addEvent(event) {
  const same = event.peer + words(event);
  if (last?.same === same) {
    last.count++;
    last.counter.textContent = `\u00d7${last.count}`;
    return;
  }
  const when = new Date(event.at);
  const lead = event.kind === 'RoleChanged' && event.role === 'LEADER';
  const counter = el('span', { class: 'count' });
  last = { same, count: 1, counter };
  add(el('li', {},
    el('time', { datetime: when.toISOString() }, when.toLocaleTimeString('en-GB')),
    el('span', { class: 'who' }, event.peer),
    el('span', { class: event.trouble ? 'trouble' : lead ? 'lead' : '' }, words(event), ' ', counter)));
}

export function addGap(count) {
  last = null;
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
