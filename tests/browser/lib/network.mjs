// The namespace's own network: less bandwidth, lost packets, and what went abroad. Undo with restore().
import { execFileSync, spawnSync } from 'node:child_process';
import { ADDRESS } from './server.mjs';

const nft = (/** @type {string[]} */ ...args) => execFileSync('nft', args, { encoding: 'utf8' });

/** Everything on loopback, where packets between the namespace's own addresses travel. @param {number} kbit per second */
export function limitBandwidth (kbit) {
  execFileSync('tc', ['qdisc', 'replace', 'dev', 'lo', 'root', 'tbf', 'rate', `${kbit}kbit`, 'burst', '16kb', 'latency', '400ms']);
}

/**
 * UDP only: a share of the packets vanishes, where they arrive: of what is dropped where it leaves the sender is told, and Chromium
 * sends it once more at once.
 * @param {number} percent
 */
export function losePackets (percent) {
  nft('add', 'rule', 'inet', 'conclave', 'arrival', 'meta', 'l4proto', 'udp', 'numgen', 'random', 'mod', '100', '<', String(percent),
    'counter', 'name', 'lost', 'drop');
}

/** A second network appears, and media no longer pass through the first: as when a cable is pulled. */
export function changeNetwork () {
  const ip = (/** @type {string} */ command) => execFileSync('ip', command.split(' '));
  ip('link add host1 type veth peer name wire1');
  for (const end of ['host1', 'wire1'])
    ip(`link set ${end} addrgenmode none`);
  ip('address add 10.77.1.1/24 dev host1');
  for (const end of ['host1', 'wire1'])
    ip(`link set ${end} up`);
  nft('add', 'rule', 'inet', 'conclave', 'loss', 'meta', 'l4proto', 'udp', 'ip', 'saddr', String(ADDRESS), 'drop');
}

/**
 * Whatever flows between browsers and the server now leads nowhere from here on; new connections do not: as when a laptop has
 * gone from one network to another, and nobody has told it. The server's own sockets stay.
 * @param {number} port of the server
 * @param {boolean} told who sends gets an error, as where there is no route any more; else packets vanish on their way
 */
export function strandFlows (port, told) {
  const ports = (/** @type {string[]} */ ...args) => execFileSync('ss', args, { encoding: 'utf8' }).split('\n')
    .filter(line => line && !line.includes('conclave')).map(line => /:(\d+)\s+\S+:\S+/.exec(line)?.[1] ?? '').filter(found => found && Number(found) !== port);
  const udp = ports('-Huanp');
  const tcp = ports('-Htnp', 'state', 'established', `( dport = :${port} )`);
  for (const [protocol, found] of /** @type {const} */ ([['udp', udp], ['tcp', tcp]])) {
    for (const side of ['sport', 'dport'])
      nft('add', 'rule', 'inet', 'conclave', told ? 'loss' : 'arrival', protocol, side, '{', [...new Set(found)].join(','), '}', 'drop');
  }
}

export function restore () {
  for (const chain of ['loss', 'arrival'])
    nft('flush', 'chain', 'inet', 'conclave', chain);
  for (const undo of ['tc qdisc del dev lo root', 'ip link del host1']) {
    const [program, ...args] = undo.split(' ');
    spawnSync(program, args); // fails where it was not done
  }
}

/** Packets counted so far: `abroad` to any other machine, `names` to a name server, `lost` dropped by losePackets(). */
export function counted () {
  const { nftables } = JSON.parse(nft('-j', 'list', 'counters', 'table', 'inet', 'conclave'));
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { counter } of nftables)
    if (counter)
      counts[counter.name] = counter.packets;
  return counts;
}
