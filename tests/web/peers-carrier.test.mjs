// peers-carrier.js and tally.js: pages that share a model without a server, over links that come, break and come again; and what liars do.

import './setup.mjs';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { utf8 } from '../../data/web/core/bytes.js';
import { Model } from '../../data/web/core/model.js';
import { Carried, PEER_RIGHTS, PeersCarrier } from '../../data/web/core/peers-carrier.js';
import { toggleSign } from '../../data/web/core/signs.js';

/** Of somebody's vote. */
const voteId = (poll, author) => `${author}-${poll}`;

const open = [];
afterEach(() => open.splice(0).forEach(carrier => carrier.end()));

/** A page: carrier and model. `id` is that of its seat now; the author stays. */
function page(id, { author = id, name = author.toUpperCase(), again = false, patience } = {}) {
  const carrier = new PeersCarrier({ patience });
  const model = new Model(carrier);
  const self = { id, author, again, name, carrier, model, links: new Map(), sent: [], fresh: [], errors: [] };
  model.addEventListener('change', ({ detail }) => self.fresh.push(...detail.fresh));
  model.addEventListener('error', ({ detail }) => self.errors.push(detail.id));
  sit(self, id);
  open.push(carrier);
  return self;
}

function sit(self, id) {
  self.id = id;
  self.model.begin({ actor: self.author, name: self.name, meeting: 'm', rights: PEER_RIGHTS, clock: 0, more: true });
  self.carrier.begin(self.author, self.again);
}

/** What `a` holds of its way to `b`; `wire.lost` swallows. */
function way(a, b, wire) {
  return {
    id: b.id, author: b.author, isNamed: name => name === b.name,
    send: async (type, bytes) => {
      a.sent.push([b.id, type]);
      await null;
      if (!wire.open || wire.lost)
        return false;
      b.carrier.receive(a.id, type, Uint8Array.from(bytes));
      return true;
    },
  };
}

function connect(a, b) {
  const wire = { open: true, lost: false };
  a.links.set(b.id, wire);
  b.links.set(a.id, wire);
  a.carrier.join(way(a, b, wire));
  b.carrier.join(way(b, a, wire));
  return wire;
}

function cut(a, b) {
  a.links.get(b.id).open = false;
  a.carrier.leave(b.id);
  b.carrier.leave(a.id);
}

async function until(condition, what = String(condition)) {
  for (let i = 0; i < 2_000; i++) {
    if (condition())
      return;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  assert.fail(`never: ${what}`);
}

const texts = ({ model }) => model.list('message').map(({ fields }) => fields.text);
const same = (...pages) => () => new Set(pages.map(({ carrier }) => carrier.toText())).size === 1 && pages.every(({ model }) => model.list('message').every(({ state }) => state === 'sent'));
const say = ({ model }, text) => model.create('message', { text });
const count = ({ sent }, type) => sent.filter(([, of]) => of === type).length;
const rest = (ms = 60) => new Promise(resolve => setTimeout(resolve, ms));

/** As if that page had said it. */
const forge = (from, to, type, value) => to.carrier.receive(from.id, type, utf8(JSON.stringify(value)));

test('what one does, all have; what one was told late is no news', async () => {
  const [a, b, c] = ['pa', 'pb', 'pc'].map(id => page(id));
  connect(a, b);
  say(a, 'one');
  await until(() => texts(b).length === 1);
  assert.deepEqual(b.fresh.length, 1);
  assert.equal(b.model.list('message')[0].fields.name, 'PA');
  say(b, 'two');
  await until(same(a, b));
  connect(a, c);
  connect(b, c);
  await until(same(a, b, c));
  assert.deepEqual(texts(c), ['one', 'two']);
  assert.deepEqual(c.fresh, []);
  assert.equal(count(c, Carried.WANT), 1, 'only one of those who have the same is asked');
  say(c, 'three');
  await until(() => texts(a).length === 3 && texts(b).length === 3);
});

test('who asks for all of it over and over is told once at a time', async () => {
  const a = page('pa');
  say(a, 'one');
  const sent = [];
  /** @type {(() => void)[]} */ const wakes = [];
  a.carrier.join({ id: 'pb', author: 'pb', isNamed: () => true, send: type => new Promise(resolve => { sent.push(type); wakes.push(() => resolve(true)); }) });
  for (let i = 0; i < 10; i++)
    a.carrier.receive('pb', Carried.WANT, new Uint8Array(0));
  await rest();
  assert.equal(sent.filter(type => type === Carried.STATE).length, 1, 'it does not take more');
  wakes.forEach(wake => wake());
  await rest();
  a.carrier.receive('pb', Carried.WANT, new Uint8Array(0));
  await until(() => sent.filter(type => type === Carried.STATE).length === 2);
});

test('one who is alone has it at once, and tells it when somebody comes', async () => {
  const a = page('pa');
  say(a, 'alone');
  await until(() => a.model.list('message')[0].state === 'sent');
  const b = page('pb');
  connect(a, b);
  await until(same(a, b));
  assert.deepEqual(texts(b), ['alone']);
});

test('the founder leaves: those who stay serve who comes', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  say(a, 'before I go');
  await until(same(a, b));
  cut(a, b);
  const c = page('pc');
  connect(b, c);
  await until(() => texts(c).join() === 'before I go');
  assert.equal(c.model.list('message')[0].fields.from, 'pa');
});

test('a pair that was broken: both have what each did meanwhile', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  say(a, '0');
  await until(same(a, b));
  cut(a, b);
  say(a, 'a1');
  say(b, 'b1');
  a.model.set('agenda', { current: 'x' });
  b.model.set('agenda', { current: 'y' });
  await rest();
  connect(a, b);
  await until(same(a, b));
  assert.deepEqual(new Set(texts(a)), new Set(['0', 'a1', 'b1']));
  assert.equal(a.model.get('agenda').fields.current, b.model.get('agenda').fields.current);
});

test('who serves leaves in the middle: another one goes on', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  for (let i = 0; i < 30; i++)
    say(a, `${i} ${'x'.repeat(3_900)}`);
  await until(same(a, b));
  const c = page('pc');
  const first = connect(a, c);
  first.lost = true;
  await rest();
  connect(b, c);
  cut(a, c);
  await until(same(b, c));
  assert.equal(texts(c).length, 30);
  assert.ok(count(b, Carried.STATE) >= 3, 'in pieces');
});

test('what a broken pair did not bring comes from others', async () => {
  const [a, b, c] = ['pa', 'pb', 'pc'].map(id => page(id));
  connect(a, c);
  connect(b, c);
  say(a, 'not to you');
  await until(() => texts(c).length === 1);
  assert.deepEqual(texts(b), []);
  cut(b, c);
  connect(b, c);
  await until(() => texts(b).join() === 'not to you');
});

test('who sits down anew is the same author, for all who saw them', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const id = say(a, 'typo');
  await until(same(a, b));
  cut(a, b);
  sit(a, 'px');
  connect(a, b);
  assert.ok(a.model.mayChange(a.model.get(id)));
  a.model.set(id, { text: 'right' });
  await until(() => texts(b).join() === 'right');
  assert.equal(b.model.get(id).fields.edited, true);
});

test('removed is removed, also for who comes later', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const id = say(a, 'oops');
  await until(same(a, b));
  a.model.remove(id);
  await until(() => texts(b).length === 0);
  const c = page('pc');
  connect(b, c);
  await until(same(b, c));
  assert.equal(c.model.get(id), null);
  assert.ok(!c.carrier.toText().includes('oops'));
});

// ---- votes

test('votes are counted by everybody, also by who comes later', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const poll = a.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  await until(same(a, b));
  const vote = (self, choices) => self.model.create('vote', { poll, choices }, poll);
  vote(a, [0]);
  vote(b, [1]);
  const result = self => self.model.get(poll)?.fields;
  await until(() => result(a).voters === 2 && result(b).voters === 2);
  assert.deepEqual([result(a).counts, result(b).counts], [[1, 1], [1, 1]]);
  assert.deepEqual(result(b).voted, ['PA', 'PB']);
  b.model.set(voteId(poll, 'pb'), { choices: [0] });
  await until(() => result(a).counts[0] === 2 && result(b).counts[0] === 2);
  b.model.set(voteId(poll, 'pb'), { choices: [] });
  await until(() => result(a).voters === 1);
  const c = page('pc');
  connect(a, c);
  await until(() => result(c)?.voters === 1);
  assert.deepEqual(result(c).counts, [1, 0]);
  assert.ok(same(a, b, c)(), 'the count itself is told by nobody');
});

test('one session has one vote, and of one choice one; of an anonymous poll no names are shown', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const poll = a.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true, anonymous: true });
  await until(same(a, b));
  b.model.create('vote', { poll, choices: [0] }, poll);
  await until(() => a.model.get(poll).fields.voters === 1);
  cut(a, b);
  sit(b, 'px');
  connect(a, b);
  b.model.set(voteId(poll, 'pb'), { choices: [1] });
  await until(() => a.model.get(poll).fields.counts[1] === 1);
  assert.deepEqual(a.model.get(poll).fields, { ...a.model.get(poll).fields, counts: [0, 1], voters: 1, voted: [] });
  b.model.set(voteId(poll, 'pb'), { choices: [0, 1] });
  await until(() => a.model.get(poll).fields.voters === 0);
});

// ---- liars

const LIES = {
  'in another name': (a, b, op) => ({ ...op, f: { ...op.f, name: 'PB' } }),
  'as somebody else': (a, b, op) => ({ ...op, f: { ...op.f, from: 'pb' } }),
  'with the clock of tomorrow': (a, b, op) => ({ ...op, c: 2 ** 40 + 1 }),
  'signed by another actor': (a, b, op) => ({ ...op, a: 'pb' }),
  'with a field that there is not': (a, b, op) => ({ ...op, f: { ...op.f, html: '<b>' } }),
  'without a text': (a, b, { f: { text, ...rest }, ...op }) => ({ ...op, f: rest }),
  'of a type that is not for peers': (a, b, op) => ({ ...op, o: 'settings', t: 'settings', f: { summary: 'people' } }),
};

for (const [how, lie] of Object.entries(LIES)) {
  test(`a message ${how} is not taken`, async () => {
    const [a, b] = ['pa', 'pb'].map(id => page(id));
    connect(a, b);
    await rest();
    const op = { o: 'pa-m1', t: 'message', c: 5, a: 'pa', f: { text: 'hi', from: 'pa', name: 'PA', at: 1 } };
    forge(a, b, Carried.NEWS, { ops: [lie(a, b, op)] });
    assert.equal(b.carrier.toText(), '{}');
    forge(a, b, Carried.NEWS, { ops: [op] });
    assert.deepEqual(texts(b), ['hi']);
  });
}

test("others' words are theirs, and counts are nobody's", async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const id = say(b, 'mine');
  const poll = b.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  await until(same(a, b));
  for (const op of [
    { o: id, t: 'message', c: 50, a: 'pa', f: { text: 'not so' } },
    { o: id, t: 'message', c: 50, a: 'pa', f: { from: 'pa' } },
    { o: id, t: 'message', c: 50, a: 'pa', f: { gone: true } },
    { o: poll, t: 'poll', c: 50, a: 'pa', f: { counts: [9, 0] } },
    { o: poll, t: 'poll', c: 50, a: 'pa', f: { open: false } },
    { o: id, t: 'block', c: 50, a: 'pa', f: { order: 'a' } },
  ])
    forge(a, b, Carried.NEWS, { ops: [op] });
  forge({ id: 'stranger' }, b, Carried.NEWS, { ops: [] });
  b.carrier.receive('pa', Carried.NEWS, new Uint8Array([0xff]));
  b.carrier.receive('pa', 99, utf8('{}'));
  assert.equal(b.carrier.toText(), a.carrier.toText());
});

test('who has not voted before a poll is closed does not vote afterwards', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const poll = b.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  await until(same(a, b));
  b.model.set(poll, { open: false });
  await until(() => a.model.get(poll).fields.open === false && same(a, b)());
  forge(a, b, Carried.NEWS, { ops: [{ o: voteId(poll, 'pa'), t: 'vote', c: 50, a: 'pa', f: { poll, choices: [0], by: 'pa', name: 'PA' } }] });
  await rest();
  assert.equal(b.model.get(poll).fields.voters ?? 0, 0);
  const c = page('pc');
  connect(b, c);
  await until(same(b, c));
  assert.equal(c.model.get(poll).fields.voters ?? 0, 0, 'nor for who comes later');
});

test('what somebody here says first is theirs, whoever was quicker', async () => {
  const [a, b, evil] = ['pa', 'pb', 'pe'].map(id => page(id));
  const wire = connect(a, b);
  connect(evil, b);
  connect(evil, a);
  await rest();
  wire.lost = true; // what A says reaches B through others first
  const words = say(a, 'good morning');
  const block = a.model.create('block', { text: 'We agree.', order: 'V' });
  await until(() => texts(evil).length === 1 && evil.model.get(block));
  for (const op of [
    { o: words, t: 'message', c: 2 ** 40, a: 'pe', f: { text: 'I resign' } },
    { o: words, t: 'message', c: 2 ** 40, a: 'pe', f: { gone: true } },
    { o: words, t: 'message', c: 2 ** 40, a: 'pe', f: { text: 'x', from: 'pe', name: 'PE', at: 1 } },
    { o: words, t: 'item', c: 2 ** 40, a: 'pe', f: { title: 'x', order: 'V' } },
    { o: block, t: 'block', c: 2 ** 40, a: 'pe', f: { gone: true } },
  ]) {
    forge(evil, b, Carried.NEWS, { ops: [op] });
    await tell(evil, b, [op]);
    await tell(evil, b, [{ ...op, a: 'pz' }]);
  }
  assert.equal(b.carrier.toText(), '{}');
  wire.lost = false;
  a.model.set(words, { text: 'good morning!' });
  forge(a, b, Carried.HAVE, { digest: 'another' });
  await until(() => texts(b).join() === 'good morning!' && b.model.get(block));
});

test('nobody’s vote is late because somebody else has set their clock ahead', async () => {
  const [a, b, evil] = ['pa', 'pb', 'pe'].map(id => page(id));
  for (const [one, other] of [[a, b], [a, evil], [b, evil]])
    connect(one, other);
  await rest();
  const poll = a.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  await until(same(a, b, evil));
  const last = c => ({ o: voteId(poll, 'pe'), t: 'vote', c, a: 'pe', f: { poll, choices: [0], by: 'pe', name: 'PE' } });
  for (const page of [a, b])
    forge(evil, page, Carried.NEWS, { ops: [last(2 ** 40), last(2 ** 39)] });
  const far = n => ({ o: 'pe-m', t: 'message', c: n, a: 'pe', f: { text: `${n}`, ...(n === 1000 && { from: 'pe', name: 'PE', at: 1 }) } });
  forge(evil, b, Carried.NEWS, { ops: Array.from({ length: 60 }, (_, i) => far(1000 + 9_000 * i)) });
  b.model.create('vote', { poll, choices: [1] }, poll);
  await until(() => a.model.get(poll).fields.voters === 2);
  a.model.set(poll, { open: false });
  await until(() => b.model.get(poll).fields.open === false);
  await rest();
  assert.deepEqual([a, b].map(({ model }) => model.get(poll).fields.counts.join()), ['1,1', '1,1']);
});

test('a vote that crosses the end of its poll counts for everybody, or for nobody', async () => {
  for (const [clock, counted] of [[6, 1], [7, 1], [8, 0]]) {
    const [a, b] = ['pa', 'pb'].map(id => page(id));
    const evil = page('pe');
    connect(evil, a);
    connect(evil, b);
    const poll = { o: 'pe-q1', t: 'poll', c: 5, a: 'pe', f: { question: 'Q?', choices: ['x', 'y'], open: true, by: 'pe', at: 1 } };
    const end = { o: 'pe-q1', t: 'poll', c: 7, a: 'pe', f: { open: false } };
    const vote = { o: voteId('pe-q1', 'pe'), t: 'vote', c: clock, a: 'pe', f: { poll: 'pe-q1', choices: [0], by: 'pe', name: 'PE' } };
    forge(evil, a, Carried.NEWS, { ops: [poll, vote, end] });
    forge(evil, b, Carried.NEWS, { ops: [poll, end, vote] });
    await rest();
    assert.deepEqual([a, b].map(({ model }) => model.get('pe-q1').fields.voters ?? 0), [counted, counted], `at ${clock}`);
    assert.equal(a.carrier.toText(), b.carrier.toText());
  }
});

test('what is set once stays, whoever tells it', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const poll = a.model.create('poll', { question: 'Tea?', choices: ['yes', 'no'], open: true });
  await until(() => b.model.get(poll));
  b.model.create('vote', { poll, choices: [0] }, poll);
  await until(() => a.model.get(poll).fields.counts?.join() === '1,0');
  const before = b.carrier.toText();
  for (const f of [{ question: 'Coffee?' }, { choices: ['no', 'yes'] }, { anonymous: true, multiple: true, question: 'Coffee?' }]) {
    await tell(a, b, [{ o: poll, t: 'poll', c: 50, a: 'pa', f }]);
    assert.equal(b.carrier.toText(), before, JSON.stringify(f));
  }
  await tell(a, b, [{ o: poll, t: 'poll', c: 50, a: 'pa', f: { question: 'Tea?', open: false } }]);
  assert.equal(b.model.get(poll).fields.open, false, 'the rest of it may change');
});

test('who has saved a copy has: all are told, also who comes later, and neither they nor others take it back', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  await rest();
  const copy = { o: 'pa-c1', t: 'copy', c: 5, a: 'pa', f: { by: 'pa', name: 'PA', at: 1 } };
  for (const lie of [{ by: 'pb' }, { name: 'PB' }])
    forge(a, b, Carried.NEWS, { ops: [{ ...copy, f: { ...copy.f, ...lie } }] });
  assert.equal(b.carrier.toText(), '{}');
  const id = a.model.create('copy');
  await until(same(a, b));
  assert.deepEqual(b.fresh, [id]);
  const saved = self => self.model.list('copy').map(({ fields: { by, name } }) => `${by} ${name}`).join();
  for (const f of [{ gone: true }, { at: 9 }, { by: 'pa' }])
    forge(a, b, Carried.NEWS, { ops: [{ o: id, t: 'copy', c: 50, a: 'pa', f }] });
  assert.equal(b.carrier.toText(), a.carrier.toText());
  const c = page('pc');
  connect(b, c);
  await until(() => saved(c) === 'pa PA');
  assert.deepEqual(c.fresh, [], 'it was before');
  const lies = [{ gone: true }, { name: 'PD' }, { by: 'pd', name: 'PD', at: 9 }].map(f => ({ o: id, t: 'copy', c: 50, a: 'pd', f }));
  b.links.get('pc').lost = true;
  forge(b, c, Carried.HAVE, { digest: 'another' });
  await until(() => count(c, Carried.WANT) === 2);
  forge(b, c, Carried.STATE, { ops: lies, more: false });
  assert.equal(saved(c), 'pa PA', 'not even where somebody says that they did, or that it was somebody else');
});

test('nobody is told what they have said themselves, or what they did not ask for', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  const wire = connect(a, b);
  await rest();
  wire.lost = true;
  const words = from => ({ o: `${from}-m`, t: 'message', c: 5, a: from, f: { text: 'hi', from, name: 'X', at: 1 } });
  forge(a, b, Carried.STATE, { ops: [words('pz')], more: false });
  assert.equal(b.carrier.toText(), '{}');
  forge(a, b, Carried.HAVE, { digest: 'another' });
  await until(() => count(b, Carried.WANT) === 1);
  forge(a, b, Carried.STATE, { ops: [words('pz'), words('pb'), { ...words('py'), c: 2 ** 41 }], more: true });
  assert.deepEqual(b.model.list('message').map(({ fields }) => fields.from), ['pz']);
});

/** `from` has something else, is asked, and says that. */
async function tell(from, to, ops) {
  const before = count(to, Carried.WANT);
  to.links.get(from.id).lost = true;
  forge(from, to, Carried.HAVE, { digest: `another ${before}` });
  await until(() => count(to, Carried.WANT) > before);
  forge(from, to, Carried.STATE, { ops, more: false });
  await rest();
}

test('of who is here and has told all, and of oneself, nobody else tells anything', async () => {
  const [a, b, evil] = ['pa', 'pb', 'pe'].map(id => page(id));
  const wire = connect(a, b);
  connect(evil, b);
  connect(evil, a);
  const [words, own] = [say(a, 'yes'), say(b, 'mine')];
  const poll = a.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  const item = a.model.create('item', { title: 'One', order: 'V' });
  const block = a.model.create('block', { text: 'We agree.', order: 'V' });
  await until(() => [b, evil].every(({ model }) => model.get(block)) && same(a, b, evil)());
  const d = page('pd');
  connect(a, d);
  await until(same(a, d));
  connect(b, d);
  await rest();
  assert.ok(!b.sent.some(([to, type]) => to === 'pd' && type === Carried.WANT), 'they have nothing else to tell');
  const before = b.carrier.toText();
  const message = { o: 'pa-m1', t: 'message', c: 50, a: 'pa', f: { text: 'I resign', from: 'pa', name: 'PA', at: 1 } };
  for (const op of [
    message,
    { ...message, a: 'pz' },
    { ...message, a: 'pd', f: { ...message.f, from: 'pd', name: 'PD' } },
    { o: words, t: 'message', c: 50, a: 'pa', f: { text: 'no' } },
    { o: words, t: 'message', c: 50, a: 'pz', f: { text: 'no' } },
    { o: words, t: 'message', c: 50, a: 'pe', f: { gone: true } },
    { o: own, t: 'message', c: 50, a: 'pz', f: { text: 'not mine' } },
    { o: poll, t: 'poll', c: 50, a: 'pz', f: { open: false } },
    { o: voteId(poll, 'pz'), t: 'vote', c: 50, a: 'pz', f: { poll, choices: [1], by: 'pa', name: 'PA' } },
    { o: voteId(poll, 'pa'), t: 'vote', c: 50, a: 'pz', f: { poll, choices: [1], by: 'pz', name: 'PZ' } },
    { o: item, t: 'item', c: 50, a: 'pa', f: { title: 'Two' } },
  ]) {
    await tell(evil, b, [op]);
    assert.equal(b.carrier.toText(), before, JSON.stringify(op));
  }
  await tell(evil, b, [{ o: item, t: 'item', c: 50, a: 'pe', f: { title: 'Mine' } }]);
  assert.equal(b.model.get(item).fields.title, 'Mine', 'what everybody may, who tells it may');
  await tell(evil, b, [{ o: block, t: 'block', c: 50, a: 'pz', f: { text: 'We do not.', by: 'pz' } }]);
  assert.equal(b.model.get(block).fields.text, 'We do not.', 'or who is not here');
  await tell(evil, b, [{ o: block, t: 'block', c: 51, a: 'pz', f: { gone: true } }]);
  assert.equal(b.model.get(block), null);
  a.model.set(words, { text: 'yes indeed' });
  await until(() => texts(b).includes('yes indeed'), 'they say it themselves');
  wire.lost = true;
  cut(a, b);
  await tell(evil, b, [{ ...message, o: 'pa-m2', c: 60 }]);
  assert.ok(texts(b).includes('I resign'), 'but of who is not here others have to tell');
});

test('who has not told all yet is told of by those who have', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  const c = page('pc', { patience: 5_000 });
  connect(a, b);
  say(a, 'one');
  say(b, 'two');
  await until(same(a, b));
  connect(a, c);
  connect(b, c);
  await until(same(a, b, c));
  assert.equal(count(c, Carried.WANT), 1, 'both at once');
});

test('whose page is loaded anew is the same author, and has again what they said', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const poll = a.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  const mine = say(a, 'mine');
  a.model.create('vote', { poll, choices: [0] }, poll);
  await until(() => texts(b).length === 1 && same(a, b)());
  cut(a, b);
  const again = page('px', { author: 'pa', again: true });
  const c = page('pc');
  connect(again, c);
  connect(again, b);
  await until(() => texts(again).length === 1 && texts(c).length === 1, 'also to who had heard before that they have nothing');
  assert.ok(again.model.mayChange(again.model.get(mine)));
  again.model.set(mine, { text: 'still mine' });
  again.model.set(voteId(poll, 'pa'), { choices: [1] });
  await until(() => [b, c].every(self => texts(self).join() === 'still mine' && self.model.get(poll).fields.counts.join() === '0,1'));
  // from now on nobody else tells it what it has said
  connect(b, c);
  await rest();
  const before = again.carrier.toText();
  await tell(b, again, [{ o: mine, t: 'message', c: 90, a: 'pa', f: { text: 'not mine' } }]);
  assert.equal(again.carrier.toText(), before);
});

test('whose page is loaded anew has of others what they did before for a minute', async () => {
  const again = page('px', { author: 'pa', again: true, patience: 10 });
  const [b, c] = ['pb', 'pc'].map(id => page(id));
  connect(again, b);
  await rest();
  say(b, 'here');
  await until(same(again, b));
  await rest(100); // six times its patience
  const forged = { o: 'pa-m1', t: 'message', c: 50, a: 'pa', f: { text: 'I resign', from: 'pa', name: 'PA', at: 1 } };
  connect(again, c).lost = true; // what it tells first of all is this
  await tell(c, again, [forged]);
  assert.deepEqual(texts(again), ['here']);
});

test('whatever ids the server gives, authors are who they are', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  const id = say(a, 'mine');
  await until(same(a, b));
  cut(a, b);
  const y = page('pa', { author: 'py' }); // has the id that the first one had
  connect(y, b);
  await until(() => texts(y).join() === 'mine', 'what the one before has said is not theirs');
  assert.ok(!y.model.mayChange(y.model.get(id)));
  say(y, 'also here');
  await until(() => texts(b).length === 2, 'and they are heard');
  assert.deepEqual(b.model.list('message').map(({ fields }) => fields.from).sort(), ['pa', 'py']);
  const before = b.carrier.toText();
  for (const op of [
    { o: id, t: 'message', c: 50, a: 'py', f: { text: 'not so' } },
    { o: id, t: 'message', c: 50, a: 'pa', f: { gone: true } },
    { o: 'pa-m1', t: 'message', c: 50, a: 'pa', f: { text: 'hi', from: 'pa', name: 'PA', at: 1 } },
  ])
    forge(y, b, Carried.NEWS, { ops: [op] });
  assert.equal(b.carrier.toText(), before);
});

test('who has something else again while they tell is asked again', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  await rest();
  b.links.get('pa').lost = true;
  forge(a, b, Carried.HAVE, { digest: 'another' });
  await until(() => count(b, Carried.WANT) === 1);
  forge(a, b, Carried.STATE, { ops: [], more: false });
  forge(a, b, Carried.HAVE, { digest: 'and another' });
  await until(() => count(b, Carried.WANT) === 2);
});

test('nobody takes the place of another one’s vote or reaction', async () => {
  const [a, b, evil] = ['pa', 'pb', 'pe'].map(id => page(id));
  for (const [one, other] of [[a, b], [a, evil], [b, evil]])
    connect(one, other);
  const poll = a.model.create('poll', { question: 'Q?', choices: ['x', 'y'], open: true });
  const words = say(a, 'hi');
  await until(() => [b, evil].every(({ model }) => model.get(words)));
  const before = b.carrier.toText();
  for (const op of [
    { o: voteId(poll, 'pa'), t: 'vote', c: 1, a: 'pe', f: { poll, choices: [1], by: 'pe', name: 'PE' } },
    { o: `pa-${words}-up`, t: 'reaction', c: 1, a: 'pe', f: { message: words, sign: 'up', from: 'pe', on: true } },
    { o: voteId(poll, 'pa'), t: 'caption', c: 1, a: 'pe', f: { text: 'x', by: 'pe', name: 'PE', at: 1 } },
    { o: `pa-${words}-up`, t: 'item', c: 1, a: 'pe', f: { title: 'x', order: 'a' } },
    { o: `pe-${words}-up-pe`, t: 'vote', c: 1, a: 'pe', f: { poll, choices: [1], by: 'pe', name: 'PE' } },
    { o: `pa-${poll}-pe`, t: 'reaction', c: 1, a: 'pe', f: { message: words, sign: 'up', from: 'pe', on: true } },
  ])
    forge(evil, b, Carried.NEWS, { ops: [op] });
  for (const op of [
    { o: voteId(poll, 'pa'), t: 'reaction', c: 1, a: poll, f: { message: words, sign: 'up', from: poll, on: true } },
    { o: voteId(poll, 'pa'), t: 'caption', c: 1, a: 'pz', f: { gone: true } },
    { o: voteId(poll, 'pz'), t: 'vote', c: 1, a: 'pe', f: { poll, choices: [1], by: 'pe', name: 'PE' } },
    { o: `pa-${words}-up`, t: 'vote', c: 1, a: 'up', f: { poll, choices: [1], by: 'up', name: 'UP' } },
  ])
    await tell(evil, b, [op]);
  assert.equal(b.carrier.toText(), before);
  a.model.create('vote', { poll, choices: [0] }, poll);
  toggleSign(a.model, words, 'up');
  await until(() => b.model.get(poll).fields.counts?.join() === '1,0' && b.model.list('reaction').length === 1);
});

test('who is asked and says nothing, or never all, does not hold up what others have to tell', async () => {
  for (const drip of [false, true]) {
    const [mute, b] = ['pa', 'pb'].map(id => page(id));
    const c = page('pc', { patience: 100 });
    say(b, 'told');
    connect(mute, c).lost = true;
    forge(mute, c, Carried.HAVE, { digest: 'more' });
    await until(() => count(c, Carried.WANT) === 1);
    const dripping = drip ? setInterval(() => forge(mute, c, Carried.STATE, { ops: [], more: true }), 30) : null;
    connect(b, c);
    await until(() => texts(c).join() === 'told');
    await until(() => c.sent.filter(([to, type]) => to === 'pa' && type === Carried.WANT).length >= 2, 'the first one is asked again, after the others');
    clearInterval(dripping);
  }
});

test('a clock that somebody sets ahead keeps nobody from being heard', async () => {
  const [a, b, evil] = ['pa', 'pb', 'pe'].map(id => page(id));
  connect(a, b);
  const item = a.model.create('item', { title: 'One', order: 'V' });
  await until(same(a, b));
  const lost = connect(evil, b);
  await rest();
  lost.lost = true;
  forge(evil, b, Carried.HAVE, { digest: 'another' });
  await until(() => b.sent.filter(([to, type]) => to === 'pe' && type === Carried.WANT).length === 2);
  const far = { o: item, t: 'item', c: 2 ** 39, a: 'pz', f: { title: 'Far' } };
  const words = Array.from({ length: 50 }, (_, i) => ({ o: `pa-m${i}`, t: 'message', c: 2 ** 40, a: 'pz', f: { text: 'hi', from: 'pz', name: 'X', at: 1 } }));
  forge(evil, b, Carried.STATE, { ops: [...words, far], more: false });
  assert.equal(b.model.get(item).fields.title, 'Far');
  say(b, 'heard');
  await until(() => texts(a).includes('heard'), 'by who was not told of it');
  assert.ok(Number(/"heard",(\d+)/.exec(a.carrier.toText())?.[1]) < 2 ** 31, 'and the own clock is nearly where it was');
  b.model.set(item, { title: 'Later' });
  await until(() => a.model.get(item).fields.title === 'Later', 'by who has another one');
  forge(b, a, Carried.NEWS, { ops: [{ ...far, a: 'pb', c: 2 ** 40 }] });
  assert.equal(a.model.get(item).fields.title, 'Far');
  forge(a, b, Carried.NEWS, { ops: [{ ...far, a: 'pa', c: 2 ** 40 }] });
  a.model.set(item, { title: 'Last' });
  assert.equal(a.model.get(item).fields.title, 'Last', 'what is done later counts');
  await until(() => b.model.get(item).fields.title === 'Last', 'however far it was');
});

test('there is a limit to how much there is', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  await rest();
  let c = 1;
  const text = 'é'.repeat(4_000);
  for (let i = 0; i < 400; i++)
    forge(a, b, Carried.NEWS, { ops: [{ o: `pa-m${i}`, t: 'message', c: c++, a: 'pa', f: { text, from: 'pa', name: 'PA', at: 1 } }] });
  assert.ok(b.carrier.toText().length < 2 * 1024 * 1024);
  assert.ok(texts(b).length > 200 && texts(b).length < 300);
  say(b, text);
  await until(() => b.errors.length > 0);
  assert.deepEqual(b.errors, ['too-many']);
});

test('after the end nothing is left of it', async () => {
  const [a, b] = ['pa', 'pb'].map(id => page(id));
  connect(a, b);
  say(a, 'secret');
  await until(same(a, b));
  b.carrier.end();
  assert.equal(b.carrier.toText(), '{}');
});
