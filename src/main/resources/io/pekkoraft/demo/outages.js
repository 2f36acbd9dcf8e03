// How long nothing could be sold after a node was killed: replicated, and plain.

const $ = (id) => document.getElementById(id);
const VARIANTS = { replicated: 'Replicated', plain: 'Plain, over a database' };
const WATCHED_OFTEN = 200;
const WATCHED_RARELY = 1000;

const bars = new Map();

const seconds = (value) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;

function bar(variant) {
  const item = document.createElement('div');
  item.className = 'bar';
  item.dataset.variant = variant;
  item.innerHTML = '<span class="who-is"></span><span class="long"></span>'
    + '<div class="track" aria-hidden="true"><div class="fill"></div></div><span class="more"></span>';
  item.querySelector('.who-is').textContent = VARIANTS[variant];
  $('outage').append(item);
  return item;
}

function remark(outage) {
  if (outage.state === 'out') {
    return 'still out';
  }
  return outage.state === 'over' ? '' : 'or longer';
}

function more(outage) {
  const waiting = outage.state === 'over' ? 'all' : `${outage.shows - outage.waiting}`;
  const failed = outage.failed === 0 ? 'no sale failed' : `${outage.failed} sales failed`;
  return `${waiting} of ${outage.shows} shows sell again; ${failed}`;
}

function paint(variant, outage, longest) {
  if (!bars.has(variant)) {
    bars.set(variant, bar(variant));
  }
  const item = bars.get(variant);
  item.hidden = !outage;
  if (outage) {
    item.dataset.state = outage.state;
    const long = item.querySelector('.long');
    long.textContent = seconds(outage.seconds);
    const small = document.createElement('small');
    small.textContent = ` ${remark(outage)}`;
    long.append(small);
    item.querySelector('.fill').style.width = `${100 * outage.seconds / longest}%`;
    item.querySelector('.more').textContent = more(outage);
  }
}

function note(measured) {
  if (measured.left < 2) {
    return 'No majority was left, so the replicated shows wait until another node is started.';
  }
  return measured.plain
    ? 'From the kill until the last of the shows has sold a seat and taken it back.'
    : 'The plain shows were out already, and are not measured.';
}

function short(outage) {
  return outage ? `${outage.state === 'over' ? '' : '> '}${seconds(outage.seconds)}` : '\u2013';
}

function paintPast(past) {
  $('past').hidden = past.length === 0;
  $('past').tBodies[0].replaceChildren(...past.slice(0, 5).map((measured) => {
    const line = document.createElement('tr');
    const when = new Date(measured.killed).toLocaleTimeString();
    for (const text of [`${measured.node}, ${when}`, short(measured.replicated), short(measured.plain)]) {
      line.insertCell().textContent = text;
    }
    return line;
  }));
}

async function look() {
  let isOut = false;
  try {
    const { outages: [newest, ...past] } = await (await fetch('/demo/outages')).json();
    if (newest) {
      const both = [newest.replicated, newest.plain].filter(Boolean);
      const longest = Math.max(...both.map((outage) => outage.seconds), 0.001);
      isOut = both.some((outage) => outage.state === 'out');
      $('outage-of').textContent = `${newest.node} was killed; it led ${newest.led} ${newest.led === 1 ? 'group' : 'groups'}`;
      $('outage-note').textContent = note(newest);
      Object.keys(VARIANTS).forEach((variant) => paint(variant, newest[variant], longest));
      paintPast(past);
    }
  } catch {
    // The seats say that nobody answers.
  }
  setTimeout(look, isOut ? WATCHED_OFTEN : WATCHED_RARELY);
}

export function watchOutages() {
  look();
}
