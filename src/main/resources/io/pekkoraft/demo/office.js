// The page: which show, who you are, who keeps the shows, and what is heard of it.

import { seatMap } from './seats.js';
import { watchNodes } from './nodes.js';
import { watchOutages } from './outages.js';

const $ = (id) => document.getElementById(id);

const ABOUT = {
  replicated: 'Each press is decided by a majority of three peers and is on their disks when you read the answer.',
  plain: 'Each show is one event-sourced actor on one of the nodes; its events are in a database that all of them reach.',
};

let variant = 'replicated';
let source = null;
let silentSince = null;
let known = false;
const map = seatMap($('seats'), press);

const prefix = () => (variant === 'plain' ? '/plain' : '');
const showPath = () => `${prefix()}/shows/${encodeURIComponent($('show').value)}`;
const me = () => $('customer').value;

function say(text, trouble = false) {
  $('says').textContent = text;
  $('says').classList.toggle('trouble', trouble);
}

async function press(seat) {
  const method = map.holder(seat) === me() ? 'DELETE' : 'POST';
  const path = `${showPath()}/seats/${seat}?customer=${encodeURIComponent(me())}`;
  const began = performance.now();
  map.busy(seat, true);
  try {
    const response = await fetch(path, { method });
    const answer = await response.json();
    const took = `${Math.round(performance.now() - began)} ms`;
    if (response.status === 409) {
      say(`${seat} belongs to ${answer.customer} (${took}).`, true);
    } else if (response.ok) {
      say(`${seat} is ${answer.customer ? 'yours' : 'free again'} (${took}).`);
    } else {
      say(`${answer.detail} (${took})`, true);
    }
  } catch {
    say('The office does not answer.', true);
  }
  map.busy(seat, false);
}

function paint(taken) {
  if (taken) {
    map.paint(taken, me());
    const sold = Object.keys(taken).length;
    $('count').textContent = `${sold} of ${map.size} sold`;
  } else {
    map.repaint(me());
  }
}

function silent(is) {
  silentSince = is ? silentSince ?? performance.now() : null;
  document.body.classList.toggle('is-silent', is);
  $('silent').hidden = !is;
  countSilence();
}

function countSilence() {
  if (silentSince !== null) {
    const seconds = Math.round((performance.now() - silentSince) / 1000);
    const seen = known ? 'What is painted may be old.' : 'Who has which seat is not known.';
    $('silent').textContent = `This show has given no answer for ${seconds} s. ${seen}`;
  }
}

function listen() {
  source?.close();
  silent(false);
  known = false;
  paint({});
  $('count').textContent = '\u00a0';
  source = new EventSource(`${showPath()}/events`);
  source.onmessage = (event) => {
    if (event.data) {
      known = true;
      silent(false);
      paint(JSON.parse(event.data).taken);
    }
  };
  source.addEventListener('silent', () => silent(true));
  source.onerror = () => silent(true);
}

function choose(which) {
  variant = which;
  document.body.dataset.variant = which;
  $('about').textContent = ABOUT[which];
  say('');
  listen();
}

async function begin() {
  $('customer').value = sessionStorage.getItem('customer') ?? `guest-${Math.floor(Math.random() * 1000)}`;
  $('who').onsubmit = (event) => event.preventDefault();
  $('show').onchange = listen;
  $('customer').oninput = () => {
    sessionStorage.setItem('customer', me());
    paint();
  };
  for (const option of document.querySelectorAll('input[name=variant]')) {
    option.onchange = () => choose(option.value);
  }
  setInterval(countSilence, 500);
  choose(document.querySelector('input[name=variant]:checked').value);
  const offered = await (await fetch('/office')).json();
  $('variants').hidden = offered.variants.length < 2;
  if (offered.nodes) {
    $('side').hidden = false;
    watchNodes();
    watchOutages();
  }
}

begin();
