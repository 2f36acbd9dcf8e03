// Requests to this node. A node may want a token; it is asked for once, and kept in this tab.

import { $ } from './dom.js';

const TOKEN = 'pekko-raft-token';
let asking = null;

export function headers(more = {}) {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { ...more, Authorization: 'Bearer ' + token } : more;
}

/** What a node answered that it did not do; `message` is for people. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** One dialog at a time, whoever wants to know. Resolves to whether there is a token now. */
export function askForToken() {
  asking ??= new Promise((resolve) => {
    const dialog = $('token-dialog');
    const done = (given) => {
      asking = null;
      dialog.close();
      resolve(given);
    };
    $('token').value = '';
    $('token-form').onsubmit = (event) => {
      event.preventDefault();
      sessionStorage.setItem(TOKEN, $('token').value.trim());
      done(true);
    };
    $('token-cancel').onclick = () => done(false);
    dialog.oncancel = (event) => {
      event.preventDefault();
      done(false);
    };
    dialog.showModal();
  });
  return asking;
}

/** Sends, and once more with a token if the node wants one. */
async function send(path, options) {
  const response = await fetch(path, { ...options, headers: headers(options.headers) });
  if (response.status === 401 && await askForToken()) {
    return fetch(path, { ...options, headers: headers(options.headers) });
  }
  return response;
}

export async function request(method, path, body, type = 'application/json') {
  let response;
  try {
    response = await send(path, { method, body, headers: body === undefined ? {} : { 'Content-Type': type } });
  } catch {
    throw new Refused(0, 'The node does not answer.');
  }
  if (!response.ok) {
    throw new Refused(response.status, await reason(response));
  }
  return response;
}

async function reason(response) {
  if (response.status === 401) {
    return 'The node does not know this token.';
  }
  try {
    return (await response.json()).detail ?? response.statusText;
  } catch {
    return `${response.status} ${response.statusText}`;
  }
}

export const post = (path, json) => request('POST', path, json === undefined ? undefined : JSON.stringify(json));
export const getJson = async (path) => (await request('GET', path)).json();
