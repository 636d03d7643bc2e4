// A meeting and its media process, as its people see them: offers and their answers, what the process says, its death.
// The process is a fake that does what an offer tells it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { Person } from './lib/client.mjs';
import { Daemon, FAKE_MEDIA, until } from './lib/daemon.mjs';
import { Room } from './lib/room.mjs';

const LATEST = ['slots', 'speakers', 'layers', 'quality'];
let daemon;
before(async () => {
  daemon = await Daemon.start({ config: { ...FAKE_MEDIA, rooms: { 'empty-seconds': 1, 'seat-seconds': 2 } } });
});
after(() => daemon.stop());

const leave = people => Promise.all(people.map(person => person.leave()));

/** A room with a host in it, whose media are ready. */
async function start (kind = 'boardroom', more = {}) {
  const room = await Room.create(daemon, { kind });
  const chief = await Person.join(daemon, room, { name: 'Host', host: true, ...more });
  if (!chief.joined.media.ready)
    assert.equal((await chief.take('media')).state, 'ready');
  return { room, chief };
}

/** The process ids of the media processes. */
function children () {
  return fs.readFileSync(`/proc/${daemon.pid}/task/${daemon.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

test('an offer is answered, and the next one too', async () => {
  const { room, chief } = await start();
  const ann = await Person.join(daemon, room, { name: 'Ann' });
  assert.equal(ann.joined.media.ready, true);
  for (const person of [chief, ann, ann]) {
    const id = person.post('offer', { sdp: 'v=0\r\no=- 1 2\r\n' });
    const answer = await person.socket.find({ re: id });
    assert.equal(answer.type, 'answer');
    assert.match(answer.sdp, /^v=0\r\no=- 1 2\r\n at \d+$/);
  }
  await leave([chief, ann]);
});

test('what is wrong with an offer is said, and the seat stays', async () => {
  const { chief } = await start();
  for (const error of ['bad-sdp', 'no-codec', 'too-many'])
    assert.equal((await chief.ask('offer', { sdp: `error:${error}` })).error, error);
  assert.equal((await chief.chat('still here')).type, 'ok');
  await chief.leave();
});

test('the longest offer passes, and a longer one does not', async () => {
  const { chief } = await start();
  const sdp = 'a=b\r\n'.repeat(60 * 1024 / 5);
  assert.equal(sdp.length, 60 * 1024);
  const { sdp: answer } = await chief.ask('offer', { sdp });
  assert.ok(answer.startsWith(sdp));
  chief.socket.send({ type: 'offer', id: 2, sdp: sdp + 'x' });
  assert.equal((await chief.take('error')).error, 'bad-message');
});

test('offers cost more than words', async () => {
  const { chief } = await start();
  for (let i = 0; i < 20; i++)
    chief.post('offer', { sdp: 'v=0' });
  assert.equal((await chief.take('error')).error, 'rate-limited');
});

test('what the media say reaches those whom it concerns, and again after a resume', async () => {
  const { room, chief } = await start();
  const ann = await Person.join(daemon, room, { name: 'Ann' });
  await chief.ask('watch-stats', { on: true });
  await ann.ask('offer', { sdp: 'events' });
  const wanted = {
    slots: { slots: [{ mid: '4', person: ann.id, source: 'camera', paused: true, error: 'no-codec' }] },
    speakers: { people: [ann.id] },
    layers: { source: 'camera', rids: ['q', 'h'] },
    quality: { people: { [ann.id]: 'poor' } },
  };
  for (const type of LATEST)
    assert.deepEqual(await ann.take(type), { type, ...wanted[type] });
  const stats = await chief.take('stats');
  assert.deepEqual(stats, { type: 'stats', cpu: 0.5, rss: 10240, people: [
    { person: ann.id, up: 1000, down: 2000, up_loss: 0.25, down_loss: 0, rtt: -1, estimate: 300000, width: 640, slots: 3 },
  ] });
  assert.deepEqual((await chief.take('speakers')).people, [ann.id]);
  assert.ok(!chief.socket.inbox.some(({ type }) => ['slots', 'layers'].includes(type)));

  await ann.cut();
  await ann.resume();
  for (const type of LATEST)
    assert.deepEqual(await ann.take(type), { type, ...wanted[type] });
  await chief.cut();
  await chief.resume();
  assert.deepEqual(await chief.take('stats'), stats);
  const late = await Person.join(daemon, room, { name: 'Late' });
  assert.deepEqual((await late.take('speakers')).people, [ann.id]);
  await chief.ask('watch-stats', { on: false });
  await chief.cut();
  await chief.resume();
  await chief.chat('no stats');
  assert.ok(!chief.socket.inbox.some(({ type }) => type === 'stats'));
  await leave([chief, ann, late]);
});

test('a viewer has a connection of its own', async () => {
  const { room, chief } = await start('classroom');
  const vic = await Person.join(daemon, room, { name: 'Vic' });
  await vic.ask('offer', { sdp: 'events' });
  assert.deepEqual((await vic.take('quality')).people, { [vic.id]: 'poor' });
  await chief.chat('no');
  assert.ok(!chief.socket.inbox.some(({ type, people }) => type === 'quality' && vic.id in people));
  await leave([chief, vic]);
});

test('the media process dies: everybody is told, and another one takes over', async () => {
  const { room, chief } = await start();
  const ann = await Person.join(daemon, room, { name: 'Ann' });
  await ann.ask('offer', { sdp: 'events' });
  const id = ann.post('offer', { sdp: 'crash' });
  for (const person of [chief, ann])
    assert.equal((await person.take('media')).state, 'lost');
  assert.equal((await ann.socket.find({ re: id })).error, 'media-lost');
  for (const person of [chief, ann])
    assert.equal((await person.take('media')).state, 'ready');
  ann.socket.inbox.length = 0;
  await ann.cut();
  await ann.resume();
  assert.equal((await ann.ask('offer', { sdp: 'v=0' })).type, 'answer');
  assert.deepEqual(ann.socket.inbox.filter(({ type }) => LATEST.includes(type)), [], 'what the dead one said is not said again');
  await leave([chief, ann]);
});

test('who was away when it died hears of it when coming back', async () => {
  const { room, chief } = await start();
  const ann = await Person.join(daemon, room, { name: 'Ann' });
  await ann.cut();
  chief.post('offer', { sdp: 'crash' });
  assert.equal((await chief.take('media')).state, 'lost');
  assert.equal((await chief.take('media')).state, 'ready');
  await ann.resume();
  assert.equal((await ann.take('media')).state, 'lost');
  assert.equal((await ann.take('media')).state, 'ready');
  await leave([chief, ann]);
});

test('other rooms lose nothing', async () => {
  const [one, two] = [await start(), await start()];
  one.chief.post('offer', { sdp: 'crash' });
  assert.equal((await one.chief.take('media')).state, 'lost');
  assert.equal((await two.chief.ask('offer', { sdp: 'v=0' })).type, 'answer');
  assert.ok(!two.chief.socket.inbox.some(({ type }) => type === 'media'));
  await leave([one.chief, two.chief]);
});

test('its process goes with the meeting', async () => {
  const { chief } = await start();
  const during = children().length;
  await chief.ask('end');
  await until('it is gone', () => children().length < during);
});

test('rooms that are opened without media say so', async () => {
  const bare = await Daemon.start({ config: { development: { 'signalling-only-kinds': 'boardroom' } } });
  const room = await Room.create(bare, { kind: 'boardroom' });
  const ann = await Person.join(bare, room);
  assert.equal(ann.joined.media.ready, false);
  assert.equal((await ann.ask('offer', { sdp: 'v=0' })).error, 'media-lost');
  assert.equal((await ann.ask('view', { tiles: [] })).type, 'ok');
  await ann.leave();
  await bare.stop();
});

test('a server without the program has no such rooms', async () => {
  const bare = await Daemon.start({ config: { development: { 'media-program': '/nonexistent/conclave-media' } } });
  const { status, body } = await bare.admin('POST', '/api/v1/rooms', new Room({ kind: 'classroom' }).body);
  assert.deepEqual([status, body.error], [501, 'not-available']);
  await bare.stop();
});
