// What one can do, and what came of it.

import { $, toast } from './dom.js';
import { post, request } from './api.js';
import { state } from './state.js';

/** A button that is at work can't be pressed again; what came of it is said below. */
export async function act(button, path, json, done) {
  await busy(button, async () => {
    const response = await post(path, json);
    toast(typeof done === 'function' ? done(await response.json()) : done);
  });
}

async function busy(button, work) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  try {
    await work();
  } catch (failure) {
    toast(failure.message, true);
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
}

/** What can't be undone with one button needs two presses of this one. */
export function sure(button, question, work) {
  if (button.classList.contains('sure')) {
    button.classList.remove('sure');
    button.textContent = button.dataset.label;
    work(button);
    return;
  }
  button.dataset.label = button.textContent;
  button.textContent = question;
  button.classList.add('sure');
  setTimeout(() => {
    if (button.classList.contains('sure')) {
      button.classList.remove('sure');
      button.textContent = button.dataset.label;
    }
  }, 4000);
}

export function initForms() {
  $('put-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const key = $('put-key').value;
    busy(event.target.querySelector('button'), async () => {
      const response = await request('PUT', '/kv/' + encodeURIComponent(key), $('put-value').value, 'application/octet-stream');
      const version = response.headers.get('ETag')?.replaceAll('"', '');
      toast(`${key} is ${response.status === 201 ? 'new' : 'replaced'}${version ? `, written by entry ${version}` : ''}.`);
    });
  });
  $('add-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const id = $('add-id').value.trim();
    const version = state.frame?.members?.version;
    busy(event.target.querySelector('button'), async () => {
      await post('/raft/members', { [$('add-as').value]: [id], from: version });
      toast(`${id} belongs to the group now.`);
      event.target.reset();
    });
  });
}
