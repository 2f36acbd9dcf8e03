// The seats of a show: ten rows of ten, one of which is in the tab order, and arrow keys between them.

const ROWS = [...'ABCDEFGHIJ'];
const COLUMNS = 10;

function element(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

export function seatMap(house, press) {
  const seats = new Map();
  let taken = {};

  for (const row of ROWS) {
    const line = element('div', { className: 'row' });
    line.append(element('b', { textContent: row, ariaHidden: 'true' }));
    for (let column = 1; column <= COLUMNS; column++) {
      if (column === COLUMNS / 2 + 1) {
        line.append(element('i'));
      }
      const seat = row + column;
      const button = element('button', { type: 'button', className: 'seat', textContent: seat, tabIndex: -1 });
      button.dataset.seat = seat;
      button.onclick = () => press(seat);
      button.onfocus = () => enter(button);
      seats.set(seat, button);
      line.append(button);
    }
    line.append(element('b', { textContent: row, ariaHidden: 'true' }));
    house.append(line);
  }
  seats.get('A1').tabIndex = 0;

  function enter(button) {
    for (const other of seats.values()) {
      other.tabIndex = other === button ? 0 : -1;
    }
  }

  house.onkeydown = (event) => {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const seat = event.target.dataset?.seat;
    if (move && seat) {
      event.preventDefault();
      const row = ROWS[ROWS.indexOf(seat[0]) + move[0]];
      seats.get(row + (Number(seat.slice(1)) + move[1]))?.focus();
    }
  };

  function repaint(me) {
    for (const [seat, button] of seats) {
      const who = taken[seat];
      const is = !who ? 'free' : who === me ? 'yours' : `taken by ${who}`;
      button.classList.toggle('mine', who === me);
      button.classList.toggle('taken', Boolean(who) && who !== me);
      button.ariaLabel = `${seat}, ${is}`;
      button.title = `${seat}: ${is}`;
    }
  }

  return {
    size: seats.size,
    repaint,
    holder: (seat) => taken[seat],
    busy: (seat, is) => {
      seats.get(seat).ariaBusy = String(is);
    },
    paint: (now, me) => {
      taken = now;
      repaint(me);
    },
  };
}
