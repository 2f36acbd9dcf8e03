// The nodes: how each is, and the buttons that kill and start it.

const TOKEN = 'pekko-raft-token';
const SURE_FOR = 6000;
const $ = (id) => document.getElementById(id);
const cards = new Map();

/** Asks for the admin token, once; resolves to whether there is one now. */
function askForToken() {
  return new Promise((resolve) => {
    const dialog = $('token-dialog');
    $('token').value = '';
    $('token-form').onsubmit = () => sessionStorage.setItem(TOKEN, $('token').value.trim());
    $('token-cancel').onclick = () => dialog.close('cancel');
    dialog.onclose = () => resolve(dialog.returnValue !== 'cancel');
    dialog.returnValue = '';
    dialog.showModal();
  });
}

function post(path) {
  const token = sessionStorage.getItem(TOKEN);
  return fetch(path, { method: 'POST', headers: token ? { Authorization: `Bearer ${token}` } : {} });
}

async function act(id, what) {
  const path = `/demo/nodes/${id}/${what}`;
  $('nodes-say').textContent = what === 'kill' ? `${id} is being killed.` : `${id} is being started.`;
  try {
    let response = await post(path);
    if (response.status === 401 && await askForToken()) {
      response = await post(path);
    }
    const answer = response.status === 204 ? {} : await response.json();
    $('nodes-say').textContent = !response.ok ? answer.detail
      : what === 'kill' ? `${id} is gone. It led ${groups(answer.led)}.` : `${id} is back, with what it had on its disk.`;
  } catch {
    $('nodes-say').textContent = 'The office does not answer.';
  }
  look();
}

const groups = (count) => `${count} ${count === 1 ? 'group' : 'groups'}`;

function card(id) {
  const item = document.createElement('li');
  item.className = 'node';
  item.dataset.node = id;
  item.innerHTML = '<div><span class="name"></span><span class="what"></span> <a hidden>Dashboard</a></div><button type="button"></button>'
    + '<p class="then" hidden></p>';
  item.querySelector('.name').textContent = id;
  const [button, then] = [item.querySelector('button'), item.querySelector('.then')];
  let sure = null;
  const unsure = () => {
    clearTimeout(sure);
    sure = null;
    button.classList.remove('sure');
    then.hidden = true;
    paint(item, item.seen);
  };
  button.onclick = () => {
    if (item.seen.state === 'up' && sure === null) {
      sure = setTimeout(unsure, SURE_FOR);
      button.classList.add('sure');
      then.textContent = item.seen.ifKilled;
      then.hidden = false;
      button.textContent = 'Kill it';
    } else {
      const what = item.seen.state === 'up' ? 'kill' : 'start';
      unsure();
      act(id, what);
    }
  };
  $('nodes').append(item);
  return item;
}

function words(node) {
  if (node.state === 'up') {
    return `leads ${groups(node.leads)}${node.member === 'up' ? '' : `; in the cluster: ${node.member}`}`;
  }
  return node.state === 'starting' ? 'starts'
    : node.member === 'none' ? 'is down, and no member of the cluster any more'
      : node.member === 'unknown' ? 'is down' : `is down; the cluster says: ${node.member}`;
}

function paint(item, node) {
  item.seen = node;
  item.dataset.state = node.state;
  item.querySelector('.what').textContent = words(node);
  const link = item.querySelector('a');
  link.hidden = !node.console || node.state !== 'up';
  link.href = `${node.console}/dashboard`;
  link.ariaLabel = `Dashboard of ${node.id}`;
  const button = item.querySelector('button');
  button.disabled = node.state === 'starting';
  if (!button.classList.contains('sure')) {
    button.textContent = node.state === 'up' ? 'Kill' : 'Start';
    button.ariaLabel = `${button.textContent} ${node.id}`;
  }
}

async function look() {
  try {
    const { nodes } = await (await fetch('/demo/nodes')).json();
    for (const node of nodes) {
      if (!cards.has(node.id)) {
        cards.set(node.id, card(node.id));
      }
      paint(cards.get(node.id), node);
    }
  } catch {
    // The seats say that nobody answers.
  }
}

export function watchNodes() {
  look();
  setInterval(look, 1000);
}
