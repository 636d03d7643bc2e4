// Check 31: the WebSocket of somebody in a Boardroom is cut over and over while both talk. The seat stays, no message is lost or doubled
// (Person notices a gap in what is numbered), and sound and pictures go on as if nothing had happened.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { sleep, until } from '../protocol/lib/daemon.mjs';
import { Stage } from '../media/lib/guest.mjs';
import { Call } from './lib/call.mjs';
import { figure } from './lib/figure.mjs';

const CUTS = Number(process.env.CONCLAVE_CUTS ?? 100);
const WORDS = 5 * CUTS;

test(`the socket is cut ${CUTS} times`, async t => {
  const stage = await Stage.open({ config: { rooms: { 'seat-seconds': 60 } } });
  t.after(() => stage.close());
  const call = await Call.begin(stage, 2);
  const { id, joined } = call.host;
  const talk = async (guest, i) => {
    for (let n = 0; n < WORDS; n++) {
      guest.postChat(`${i} ${n}`);
      await sleep(randomInt(5, 40));
    }
  };
  const cut = async () => {
    for (let n = 0; n < CUTS; n++) {
      await sleep(randomInt(10, 120));
      await call.host.cut();
      await sleep(randomInt(0, 50));
      await call.host.resume();
    }
  };
  const quiet = call.losses(await stage.during(() => sleep(5000)));
  const stats = await stage.during(() => Promise.all([talk(call.guests[0], 0), talk(call.guests[1], 1), cut()]));
  await until('all is said', () => call.guests.every(({ answered, chats }) => answered && chats.length >= 2 * WORDS), 30_000);
  const { received, lost, gap } = call.losses(stats);
  for (const { chats, socket } of call.guests) {
    assert.equal(socket.fault, null);
    assert.deepEqual(chats, call.host.chats, 'in the same order for both');
  }
  assert.deepEqual([call.host.id, call.host.joined], [id, joined], 'one seat');
  assert.ok(!call.guests[1].socket.inbox.some(({ type }) => type === 'person-left' || type === 'person-joined'));
  const wrong = [0, 1].reduce((sum, i) => sum + call.host.chats.filter(text => text.startsWith(`${i} `)).filter((text, n) => text !== `${i} ${n}`).length, 0);
  figure(t, 31, `messages lost, doubled or out of order, of ${2 * WORDS}`, Math.abs(call.host.chats.length - 2 * WORDS) + wrong, { most: 0 });
  figure(t, 31, `packets lost, of ${received}`, lost, { most: 0 });
  t.diagnostic(`longest time between two pictures: ${gap} ms; ${quiet.gap} ms when nothing is cut (a picture takes 100 ms)`);
  await call.end();
});
