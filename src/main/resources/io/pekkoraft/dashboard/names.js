// Names where there is little room. What all of them begin with tells nobody apart, so it goes first.

const MOST = 6;

/** A short name for each, its own where it fits: pekko-raft-0 and its fellows are ...-0 and so on. */
export function shorten(ids) {
  const long = ids.filter((id) => id.length > MOST);
  const common = long.length > 1 ? long.reduce(prefix).length : 0;
  return new Map(ids.map((id) => [id, short(id, common)]));
}

function short(id, common) {
  if (id.length <= MOST) {
    return id;
  }
  // A separator before what differs stays, and so does all if nothing would be left.
  const begin = common < id.length ? common - (/[-._]/.test(id[common - 1] ?? '') ? 1 : 0) : 0;
  const rest = begin > 1 ? '\u2026' + id.slice(begin) : id;
  return rest.length <= MOST ? rest : rest.slice(0, MOST - 1) + '\u2026';
}

function prefix(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) {
    length++;
  }
  return one.slice(0, length);
}

/** So many of a thing. */
export const plural = (count, thing) => `${count} ${thing}${count === 1 ? '' : 's'}`;
