// The little of the DOM that all modules use.

export const $ = (id) => document.getElementById(id);

/** An element with attributes and children; `on...` attributes are listeners. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  set(element, attributes);
  element.append(...children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  element.append(...children);
  return element;
}

function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
}

/** Touches the page only if something is new: it is said aloud to some. */
export function text(element, value) {
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

export function attribute(element, name, value) {
  if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/** A colour of the theme. */
export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

/** A canvas as sharp as the screen; what is drawn is measured in CSS pixels. */
export function sharp(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

export const calm = window.matchMedia('(prefers-reduced-motion: reduce)');

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
export const font = (size, weight = 400) => `${weight} ${size}px ${FONT}`;

export const number = (value) => new Intl.NumberFormat('en').format(value);

/** Says for a while what an action came to. */
export function toast(message, bad = false) {
  const place = $('toasts');
  while (place.children.length > 2) {
    place.firstChild.remove();
  }
  const note = el('div', { class: bad ? 'toast bad' : 'toast' }, message);
  place.append(note);
  setTimeout(() => note.remove(), bad ? 9000 : 4000);
}
