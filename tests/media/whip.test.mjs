// An encoder by WHIP and a player by WHEP, with the packets of both; what HTTP answers otherwise is tests/protocol's business.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { SMALL, Stage, assertRewritten, leaveAll, untilStats } from './lib/guest.mjs';

const FOREIGN = { origin: 'https://elsewhere.example' };
let stage;
before(async () => { stage = await Stage.open(); });
after(() => stage.close());

async function makeToken (room, kind, name) {
  const token = randomBytes(32);
  const { status, body } = await stage.daemon.admin('POST', `/api/v1/rooms/${room.id}/tokens`,
    { kind, name, hash: createHash('sha256').update(token).digest('base64url'), hours: 1 });
  assert.equal(status, 201, JSON.stringify(body));
  return { ...body, authorization: `Bearer ${token.toString('base64url')}` };
}

const post = (where, room, { authorization }, sdp) =>
  stage.daemon.request('POST', `/${where}/${room.id}`, sdp, { ...FOREIGN, authorization, 'content-type': 'application/sdp' });

/** A peer of conclave-rtc whose descriptions go by HTTP. */
async function connect (where, room, token, options = {}) {
  const peer = stage.nextPeer();
  const sdp = where === 'whip' ? await stage.rtc.publish(peer, { ...SMALL, ...options })
    : await stage.rtc.join(peer, { sources: 0, audio_slots: 2, video_slots: 2, ...options });
  const answer = await post(where, room, token, sdp);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  stage.rtc.answer(peer, String(answer.bytes));
  await stage.rtc.up(peer);
  return { peer, location: answer.headers.location, etag: answer.headers.etag };
}

const comes = (stats, to, from) => ['video', 'audio'].every(kind =>
  stats.streams.some(one => one.id === to && one.kind === kind && one.from === from && one.received > 0 && one.idle_ms < 1000));

test('an encoder is seen by people and by a player', async t => {
  const room = await stage.room('classroom');
  const host = await stage.enter(room, { name: 'Host', host: true, media: { audio: false, video: false } });
  const viewer = await stage.enter(room, { name: 'Vic', media: { audio: false, video: false } });
  const from = performance.now();
  const encoder = await connect('whip', room, await makeToken(room, 'publish', 'Encoder'));
  const { person } = await viewer.take('person-joined');
  await viewer.tiles([{ person: person.id, source: 'camera', width: 1280 }]);
  await untilStats(stage, 'the viewer sees and hears the encoder', stats => comes(stats, viewer.peer, encoder.peer));
  t.diagnostic(`a viewer had the encoder's picture ${Math.round(performance.now() - from)} ms after its offer was made`);

  const watch = await makeToken(room, 'watch', 'Player');
  const player = await connect('whep', room, watch);
  await until('the player is counted', () => viewer.viewers === 2);
  await untilStats(stage, 'the player gets it too', stats => comes(stats, player.peer, encoder.peer));
  const stats = await stage.during(() => sleep(1500));
  assertRewritten(stats);
  assert.ok(stats.decodable > 20 && stats.decodable === stats.frames);

  const patch = etag => stage.daemon.request('PATCH', player.location, 'a=end-of-candidates\r\n',
    { ...FOREIGN, authorization: watch.authorization, 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': etag });
  assert.equal((await patch(player.etag)).status, 204);
  assert.equal((await patch('"another"')).status, 412);
  assert.ok(comes(await stage.during(() => sleep(700)), player.peer, encoder.peer), 'and goes on');

  assert.equal((await stage.daemon.request('DELETE', player.location, undefined, FOREIGN)).status, 200);
  await until('the player is gone', () => viewer.viewers === 1);
  await sleep(300);
  const without = await stage.during(() => sleep(700));
  assert.ok(!without.streams.some(({ id, received }) => id === player.peer && received > 0), 'nothing comes to it any more');
  assert.ok(comes(without, viewer.peer, encoder.peer));

  assert.equal((await host.ask('stop', { person: person.id, what: 'camera' })).type, 'ok');
  await until('its slot is empty', () => !viewer.slots.some(({ source }) => source === 'camera'));
  assert.equal((await stage.daemon.request('DELETE', encoder.location, undefined, FOREIGN)).status, 200);
  assert.equal((await viewer.take('person-left')).person, person.id);
  await sleep(300);
  const silent = await stage.during(() => sleep(700));
  assert.equal(silent.rx_audio + silent.rx_video, 0);
  await leaveAll([host, viewer]);
});

test('a token that is revoked ends what came in with it; a wrong one lets nothing in', async () => {
  const room = await stage.room('classroom');
  const viewer = await stage.enter(room, { name: 'Vic', host: true, media: { audio: false, video: false } });
  const token = await makeToken(room, 'publish', 'Encoder');
  const encoder = await connect('whip', room, token);
  await untilStats(stage, 'it is seen', stats => comes(stats, viewer.peer, encoder.peer));
  assert.equal((await stage.daemon.admin('DELETE', `/api/v1/tokens/${token.id}`)).status, 204);
  await viewer.take('person-left');
  await sleep(300);
  const stats = await stage.during(() => sleep(700));
  assert.equal(stats.rx_audio + stats.rx_video, 0);
  const sdp = await stage.rtc.publish(stage.nextPeer(), SMALL);
  for (const wrong of [token, { authorization: `Bearer ${randomBytes(32).toString('base64url')}` }, await makeToken(room, 'watch', 'Player')])
    assert.equal((await post('whip', room, wrong, sdp)).status, 401);
  await leaveAll([viewer]);
});
