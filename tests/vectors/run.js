// Runs link-1.json against the client's own modules, in Node and inside both browsers: the same code in each.
// `core` holds the imported modules `{ bytes, group, link, link1, names, orders, pieces, rotation, sealed }` of data/web/core; `group` is group-code.js,
// `names` knock-names.js.

/**
 * @param {any} vectors the parsed link-1.json
 * @param {{ bytes: any, group: any, link: any, link1: any, names: any, orders: any, pieces: any, rotation: any, sealed: any }} core
 * @returns {Promise<{ checks: number, failures: string[] }>}
 */
export async function runVectors(vectors, core) {
  const { toBase64url, fromBase64url } = core.bytes;
  const result = { checks: 0, failures: [] };
  const check = (name, actual, expected) => {
    result.checks++;
    const text = actual instanceof Uint8Array ? toBase64url(actual) : actual;
    if (text !== expected)
      result.failures.push(`${name}: ${text} instead of ${expected}`);
  };

  for (const [i, vector] of vectors.links.entries())
    await runLink(vector, core, (name, ...values) => check(`links[${i}].${name}`, ...values));
  for (const [i, vector] of vectors.handshakes.entries()) {
    const checkThis = (name, ...values) => check(`handshakes[${i}].${name}`, ...values);
    await runKeys(vector, core, checkThis);
    await runHandshake(vector, core, checkThis);
    for (const side of ['J', 'P'])
      await runSealed(vector, side, core, fromBase64url, checkThis);
  }
  for (const [i, vector] of vectors.orders.entries())
    await runOrders(vector, core, (name, ...values) => check(`orders[${i}].${name}`, ...values));
  for (const [i, vector] of vectors.groups.entries())
    await runGroup(vector, core, (name, ...values) => check(`groups[${i}].${name}`, ...values));
  for (const [i, vector] of vectors.rotations.entries())
    await runRotation(vector, core, (name, ...values) => check(`rotations[${i}].${name}`, ...values));
  for (const [i, vector] of vectors.knocks.entries())
    await runKnock(vector, core, (name, ...values) => check(`knocks[${i}].${name}`, ...values));
  for (const [i, vector] of vectors.documents.entries())
    await runDocument(vector, core, (name, ...values) => check(`documents[${i}].${name}`, ...values));
  return result;
}

/** What is said when a room gets another secret, as it is made and read, and whose order it is. */
async function runRotation(vector, { bytes: { concat, fromBase64url, toBase64url }, orders, rotation }, check) {
  const { room, meeting, generation, key, body, order, message, shows } = vector;
  const of = name => fromBase64url(vector[name]);
  const next = await rotation.makeGeneration(room, of('secret'), generation);
  check('from', (await rotation.makeGeneration(room, of('before'), generation - 1)).verifier, vector.from);
  check('to', next.verifier, vector.to);
  check('MAC of the orders', await orders.macOfKey(room, of('key'), next.kAuth), vector.orders_mac);
  const members = await Promise.all(vector.sessions.map(sign => rotation.memberOf(room, fromBase64url(sign))));
  check('members', members.map(toBase64url).join(), vector.members.join());
  check('body', rotation.composeStatement({ generation, from: of('from'), to: of('to'), members }), body);
  check('body, read', rotation.composeStatement(rotation.parseStatement(of('body'))), body);
  check('body, cut', rotation.parseStatement(of('body').slice(0, -1)), null);
  check('message', rotation.composeRotation({ secret: of('secret'), body: of('body'), order }), message);
  check('message, read', rotation.composeRotation(rotation.parseRotation(of('message'))), message);
  const holds = target => orders.verifyOrder({ room, meeting, mark: new Uint8Array(0) }, fromBase64url(key), orders.parseOrder(order), { action: 'rotate', target });
  check('order', await holds(body), true);
  check('order for another one', await holds(toBase64url(concat(of('body').slice(0, 4), of('to'), of('from'), of('body').slice(68)))), false);
  const mac = await crypto.subtle.importKey('raw', next.kAuth, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  for (const { id, mac: expected } of shows)
    check(`shown by ${id}`, new Uint8Array(await crypto.subtle.sign('HMAC', mac, rotation.generationText(of('th'), generation, id))), expected);
}

/** The name of who knocks, as they seal it and hosts open it; nowhere else. */
async function runKnock({ room, secret, kName, knock, name, nonce, sealed }, { bytes: { fromBase64url }, link, names }, check) {
  const key = await link.nameKey({ room, secret: fromBase64url(secret), hostSecret: null });
  check('key', key, kName);
  check('sealed', await names.sealName({ key, room, knock }, name, fromBase64url(nonce)), sealed);
  check('opened', await names.openName({ key, room, knock }, sealed), name);
  check('of another knock', await names.openName({ key, room, knock: 'qzzzzzzzzzzzz' }, sealed), '');
  check('of another room', await names.openName({ key, room: '333333333333', knock }, sealed), '');
}

async function runDocument({ bytes, sums, root }, { bytes: { concat, fromBase64url }, pieces }, check) {
  const file = new Blob([Uint8Array.from({ length: bytes }, (_, i) => i * 31 + (i >> 10))]);
  const made = await pieces.sumsOf(file, () => true);
  check('sums', made.join(), concat(...sums.map(fromBase64url)).join());
  check('root', await pieces.rootOf(bytes, made), root);
}

/** The rows and commits of everybody, and the code that they all see; all of them run as the client does, in one place. */
async function runGroup({ room, people, epoch, code }, { bytes: { fromBase64url }, group }, check) {
  const rows = new Map(people.map(({ id, row }) => [id, group.parseRow(fromBase64url(row))]));
  for (const { id, nonce, row, commit } of people) {
    check(`row of ${id}`, group.composeRow(rows.get(id)), row);
    check(`commit of ${id}`, await group.commitTo(fromBase64url(epoch), id, fromBase64url(nonce)), commit);
  }
  const transcripts = [...rows].flatMap(([id, { pairs }]) => [...pairs].filter(([other]) => id < other).map(([, th]) => th));
  check('epoch', await group.epochOf(room, people, transcripts), epoch);
  check('code', (await group.codeOf(fromBase64url(epoch), new Map(people.map(({ id, nonce }) => [id, fromBase64url(nonce)])))).join(), code.join());
}

/** The room's key as it is sealed and opened, and what was signed with it, by those it appointed, and by this code just now. */
async function runOrders(vector, { bytes: { fromBase64url, toBase64url }, link, orders }, check) {
  const { room, meeting, sealed } = vector;
  const known = link.parseFragment(room, `#${vector.secret}.${vector.host_secret}`);
  const { kAuth } = await link.deriveKeys(known);
  const place = { room, meeting, mark: await orders.markOf(room, kAuth) };
  check('mark', place.mark, vector.mark);
  const { hostSecret } = known;
  const key = fromBase64url(sealed.key);
  const made = await orders.sealOrders({ room, kAuth, hostSecret, key, pkcs8: fromBase64url(vector.pkcs8), nonce: fromBase64url(vector.nonce) });
  for (const name of ['key', 'mac', 'sealed'])
    check(name, made[name], sealed[name]);
  check('the key', await orders.roomKey(JSON.stringify(sealed), { room, kAuth }), sealed.key);
  check('the key under another secret', await orders.roomKey(sealed, { room, kAuth: hostSecret }), null);
  check('opened without H', await orders.openOrders(sealed, { room, hostSecret: known.secret }, key), null);
  const signer = await orders.openOrders(sealed, { room, hostSecret }, key);

  for (const [i, { rank, key: holder, time, length, grants }] of vector.grants.entries()) {
    const chain = orders.parseGrants(grants);
    check(`grants[${i}]`, orders.composeGrants(chain), grants);
    check(`grants[${i}] hold`, await orders.verifyChain(place, key, chain), true);
    check(`grants[${i}] elsewhere`, await orders.verifyChain({ room, meeting: 'mzzzzzzzzzzzz' }, key, chain), false);
    check(`grants[${i}] say`, JSON.stringify([chain.length, chain.at(-1).rank, chain.at(-1).time, toBase64url(chain.at(-1).key)]), JSON.stringify([length, rank, time, holder]));
  }
  for (const [i, { by, action, target, time, grants, order }] of vector.orders.entries()) {
    const parsed = orders.parseOrder(order);
    check(`orders[${i}]`, orders.composeOrder(parsed), order);
    check(`orders[${i}] says`, JSON.stringify([parsed.by, parsed.time, parsed.chain.length]), JSON.stringify([by, time, grants]));
    check(`orders[${i}] holds`, await orders.verifyOrder(place, key, parsed, { action, target }), true);
    check(`orders[${i}] of something else`, await orders.verifyOrder(place, key, parsed, { action, target: `${target}x` }), false);
    check(`orders[${i}] under another secret`, await orders.verifyOrder({ ...place, mark: await orders.markOf(room, known.secret) }, key, parsed, { action, target }), false);
    const again = await orders.makeOrder(place, signer, [], { by, action, target, time });
    check(`orders[${i}] made here`, await orders.verifyOrder(place, key, orders.parseOrder(orders.composeOrder(again)), { action, target }), true);
  }
}

async function runLink(vector, { bytes, link }, check) {
  const parsed = link.parseFragment(vector.room, `#${vector.secret}.${vector.host_secret}`);
  const keys = await link.deriveKeys(parsed);
  for (const name of ['kAuth', 'kJoin', 'kHost'])
    check(name, keys[name], vector[name]);
  const verifier = async key => new Uint8Array(await crypto.subtle.digest('SHA-256', key));
  check('join_verifier', await verifier(keys.kJoin), vector.join_verifier);
  check('host_verifier', await verifier(keys.kHost), vector.host_verifier);
  check('secret', bytes.toBase64url(parsed.secret), vector.secret);
}

async function runKeys(vector, { bytes, link1 }, check) {
  const of = name => bytes.fromBase64url(vector[name]);
  const keys = await link1.pairKeys({
    room: vector.room, secret: of('S'), kAuth: of('kAuth'), RJ: of('R_J'), RP: of('R_P'), Z: of('Z'),
  });
  for (const name of ['th', 'cJ', 'cP', 'sJ', 'sP', 'sas', 'mJ', 'mP'])
    check(name, keys[name], vector[name]);
  check('commit', await link1.commitment(of('R_J')), vector.commit);
}

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };

/** Both sides as the client runs them, with the keys and nonces of the vector. */
async function runHandshake(vector, { bytes, link1 }, check) {
  const { fromBase64url, lp, concat } = bytes;
  const side = async (role, self, peer) => new link1.Handshake({
    role,
    attempt: 1,
    room: vector.room,
    secret: fromBase64url(vector.S),
    kAuth: fromBase64url(vector.kAuth),
    self: { id: self.id, fingerprint: fromBase64url(self.fingerprint), sign: fromBase64url(self.sign_public), key: await crypto.subtle.importKey('jwk', self.sign, ECDSA, false, ['sign']) },
    peer: peer.id,
    fixed: { keyPair: await importKeys(self.ecdh), nonce: fromBase64url(self.nonce) },
  });
  const J = await side('J', vector.J, vector.P);
  const P = await side('P', vector.P, vector.J);
  const body = message => link1.parseMessage(message).body;

  const commit = body(await J.start());
  check('commit on the wire', commit, vector.commit);
  const revealP = body(await P.receive(link1.Kind.COMMIT, commit));
  check('R_P on the wire', revealP, vector.R_P);
  const revealJ = body(await J.receive(link1.Kind.REVEAL_P, revealP));
  check('R_J and mJ on the wire', revealJ, bytes.toBase64url(concat(lp(fromBase64url(vector.R_J)), fromBase64url(vector.mJ))));
  const macP = body(await P.receive(link1.Kind.REVEAL_J, revealJ));
  check('mP on the wire', macP, vector.mP);
  await J.receive(link1.Kind.MAC_P, macP);
  check('J established', J.established, true);
  check('P established', P.established, true);

  const macOf = confirmation => bytes.toBase64url(confirmation.slice(0, 32)); // no signature is like another one
  check('MAC of J', macOf(await J.confirmation()), macOf(fromBase64url(vector.confirm_J)));
  check('MAC of P', macOf(await P.confirmation()), macOf(fromBase64url(vector.confirm_P)));
  await J.checkConfirmation(fromBase64url(vector.confirm_P));
  await P.checkConfirmation(fromBase64url(vector.confirm_J));
}

async function importKeys(jwk) {
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
  const { d, ...pub } = jwk;
  return {
    privateKey: await crypto.subtle.importKey('jwk', { ...pub, d }, ecdh, false, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('jwk', pub, ecdh, true, []),
  };
}

async function runSealed(vector, side, { bytes, sealed }, fromBase64url, check) {
  const key = fromBase64url(vector[`s${side}`]);
  const th = fromBase64url(vector.th);
  const sealer = new sealed.Sealer(key, th);
  const opener = new sealed.Opener(key, th);
  for (const { type, counter, plaintext, record } of vector[`sealed_${side}`]) {
    check(`sealed_${side}[${counter}]`, await sealer.seal(type, bytes.utf8(plaintext)), record);
    const opened = await opener.open(fromBase64url(record));
    check(`opened_${side}[${counter}]`, bytes.fromUtf8(opened.plaintext), plaintext);
  }
}
