// The page: what the node tells goes into the state, and the state onto the screen.

import { $, attribute, number, text } from './dom.js';
import { initForms } from './actions.js';
import { addEvent, addGap } from './events.js';
import { drawGroups, initGroups } from './groups.js';
import { drawLog, initLog } from './log.js';
import { plural } from './names.js';
import { drawPeers, showPeer } from './peers.js';
import { drawPlots, initPlots, resizePlots } from './plots.js';
import { drawRing, fly, initRing, recolor } from './ring.js';
import { commitOf, onEvent, onFlights, onFrame, onHello, recentLatency, recentRate, state } from './state.js';
import { listen } from './stream.js';
import { drawTimeline } from './timeline.js';

const THEMES = { auto: 'as the system says', light: 'light', dark: 'dark' };
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
let theme = localStorage.getItem('pekko-raft-theme') ?? 'auto';
let leaderless = null;
let retry = 0;
let lostAt = 0;

function applyTheme() {
  const dark = theme === 'dark' || (theme === 'auto' && systemDark.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  text($('theme'), theme[0].toUpperCase() + theme.slice(1));
  attribute($('theme'), 'aria-label', `Colours: ${THEMES[theme]}`);
  recolor();
  initPlots();
  draw();
}

function draw() {
  if (!state.frame || document.hidden) {
    return;
  }
  headline();
  figures();
  drawRing();
  drawPeers();
  drawLog();
  drawTimeline();
  drawPlots();
}

function headline() {
  const { frame } = state;
  const up = frame.peers.filter((peer) => peer.role);
  leaderless = frame.leader ? null : leaderless ?? frame.at;
  const title = $('headline');
  title.classList.toggle('open', !frame.leader);
  text(title, frame.leader ? `${frame.leader} leads` : up.length ? 'No leader' : 'No peer answers');
  document.title = `${title.textContent} \u2013 Pekko Raft`;
  const members = frame.members;
  const size = members ? plural(members.voters.length, 'voter') + (members.learners.length ? `, ${plural(members.learners.length, 'learner')}` : '') : '';
  const change = members?.outgoing.length ? ' A change of the members is under way.' : '';
  if (frame.leader) {
    const quiet = frame.peers.some((peer) => peer.id === frame.leader && peer.quiet);
    text($('subline'), `${size}.${change}${quiet ? ' Quiet: there is nothing to do, and nobody sends heartbeats.' : ''}`);
  } else {
    const seconds = Math.max(0, Math.round((frame.at - leaderless) / 1000));
    text($('subline'), `Since ${seconds} s. Nothing can be written until a majority of ${size || 'the voters'} agrees on one.`);
  }
}

function figures() {
  const { frame } = state;
  const rate = recentRate();
  const latency = recentLatency();
  text($('f-term'), number(Math.max(0, ...frame.peers.map((peer) => peer.term ?? 0))));
  text($('f-commit'), number(commitOf(frame)));
  text($('f-rate'), rate === null ? '\u2013' : number(rate >= 10 ? Math.round(rate) : Number(rate.toFixed(1))));
  text($('f-latency'), latency ? `${latency.median < 10 ? latency.median.toFixed(1) : Math.round(latency.median)} ms` : '\u2013');
}

const handlers = {
  hello(hello) {
    onHello(hello);
    text($('group-name'), hello.group);
    $('put-form').hidden = !hello.keyValue;
  },
  frame(frame) {
    onFrame(frame);
    requestAnimationFrame(draw);
  },
  flights(message) {
    onFlights(message, Date.now());
    fly(message);
  },
  event(event) {
    onEvent(event);
    addEvent(event);
  },
  lost: ({ count }) => addGap(count),
  full() {},
};

function onConnection(now, wait) {
  document.body.dataset.connection = now;
  text($('connection').querySelector('span'), { live: 'Live', lost: 'Disconnected', full: 'Full' }[now]);
  lostAt = now === 'live' ? 0 : lostAt || Date.now();
  retry = Date.now() + wait;
  banner();
}

/** Honest about how old the picture is. */
function banner() {
  const connection = document.body.dataset.connection;
  const away = connection === 'lost' || connection === 'full';
  $('banner').hidden = !away;
  if (away) {
    const next = Math.max(0, Math.ceil((retry - Date.now()) / 1000));
    const age = Math.round((Date.now() - lostAt) / 1000);
    text($('banner'), connection === 'full'
      ? 'As many pages as this node allows look on already. This one tries again by itself.'
      : `The connection to the node is lost. What you see is ${age} s old; next try ${next > 0 ? `in ${next} s` : 'now'}.`);
  }
}

$('theme').addEventListener('click', () => {
  const names = Object.keys(THEMES);
  theme = names[(names.indexOf(theme) + 1) % names.length];
  localStorage.setItem('pekko-raft-theme', theme);
  applyTheme();
  drawGroups();
});
systemDark.addEventListener('change', applyTheme);
window.addEventListener('resize', () => {
  resizePlots();
  draw();
  drawGroups();
});
document.addEventListener('visibilitychange', draw);
setInterval(banner, 1000);

initRing(showPeer);
initLog();
initForms();
applyTheme();
initGroups();
listen('/raft/events', (type, data) => handlers[type]?.(data), onConnection);
