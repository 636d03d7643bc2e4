// An hour of a busy server for the administrators' page, made up: what it answers in place of the server's own figures. The same each time.

const KINDS = ['standard', 'otr', 'boardroom', 'classroom'];
const COLUMNS = ['at', ...KINDS.flatMap(kind => [`meetings.${kind}`, `people.${kind}`]), 'sockets', 'in', 'out', 'loss_in', 'loss_out', 'cpu_server', 'cpu_media', 'cpu_render',
  'cpu_sip', 'disk_free', 'disk_size', 'renders_waiting', 'renders_running', 'recording', 'calls', 'trunks_up', 'trunks', 'database', 'media_reserve', 'open'];
const ROWS = 720;

/** Small unrest that looks like noise. @param {number} i @param {number} seed */
const noise = (i, seed) => Math.sin(i * 0.9 + seed) * Math.cos(i * 0.37 + 2 * seed) * Math.sin(i * 0.071 + seed);

/** A wave between 0 and 1. @param {number} i @param {number} length @param {number} seed */
const wave = (i, length, seed) => 0.5 + 0.5 * Math.sin(2 * Math.PI * i / length + seed);

/** @param {number} i @param {number} at */
function row (i, at) {
  const rooms = [3 + Math.round(3 * wave(i, 500, 0)), Math.round(1.4 * wave(i, 300, 2)), 2 + Math.round(2 * wave(i, 700, 4)), i > 250 ? 1 : 0];
  const people = [3 * rooms[0] + Math.round(2 * wave(i, 90, 1)), 2 * rooms[1], 14 * rooms[2] + Math.round(6 * wave(i, 120, 3)), rooms[3] ? Math.min(240, 2 * (i - 250)) : 0];
  const heard = people[2] + people[3] / 3;
  const values = /** @type {Record<string, number>} */ ({
    at, sockets: people.reduce((sum, n) => sum + n, 0) + 9 + Math.round(3 * wave(i, 60, 5)),
    in: 450_000 * heard * (1 + 0.1 * noise(i, 1)), out: 1_900_000 * heard * (1 + 0.08 * noise(i, 2)),
    loss_in: 0.004 + 0.003 * Math.abs(noise(i, 3)), loss_out: 0.006 + 0.004 * Math.abs(noise(i, 4)) + (i > 420 && i < 450 ? 0.035 : 0),
    cpu_server: 0.05 + 0.0004 * heard + 0.01 * Math.abs(noise(i, 5)), cpu_media: 0.011 * heard * (1 + 0.06 * noise(i, 6)),
    cpu_render: i > 150 && i < 380 ? 1.7 + 0.2 * noise(i, 7) : 0, cpu_sip: 0.02 + 0.01 * Math.abs(noise(i, 8)),
    disk_free: 1.31e12 - 2e8 * i, disk_size: 2e12, renders_waiting: i > 180 && i < 300 ? 1 : 0, renders_running: i > 150 && i < 380 ? 1 : 0,
    recording: 1 + (i > 400 ? 1 : 0), calls: 2 + Math.round(4 * wave(i, 240, 1)), trunks_up: i > 500 && i < 518 ? 1 : 2, trunks: 2,
    database: 1, media_reserve: i > 252 && i < 256 ? 0 : 1, open: 1,
  });
  KINDS.forEach((kind, k) => {
    values[`meetings.${kind}`] = rooms[k];
    values[`people.${kind}`] = people[k];
  });
  return COLUMNS.map(column => (Number.isInteger(values[column]) ? values[column] : Number(values[column].toPrecision(4))));
}

/** @param {number} now ms since 1970 */
export function busyHour (now) {
  const rows = Array.from({ length: ROWS }, (_, i) => row(i, now - 5000 * (ROWS - 1 - i)));
  const room = (/** @type {string} */ id, /** @type {string} */ kind, /** @type {number} */ people, /** @type {number} */ minutes) => ({ id, kind, people, since: now - minutes * 60_000 });
  return {
    run: 1, now, every: 5000, keeps: ROWS, last: ROWS, columns: COLUMNS, rows, unlisted: 1,
    rooms: [room('hk4tzmwq7d3p', 'boardroom', 38, 74), room('qv8bn2xgy5ra', 'standard', 6, 41), room('j9dwm4ktu6sc', 'classroom', 240, 38), room('t3pzx7hvn8ek', 'standard', 3, 12), room('c5ayr2gqw9mu', 'boardroom', 14, 4)],
  };
}

/** In the page: answers so. @param {object} answer */
export function answerWith (answer) {
  const { fetch } = globalThis;
  globalThis.fetch = (what, options) => (String(what).startsWith('/api/v1/overview')
    ? Promise.resolve(new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } })) : fetch(what, options));
}
