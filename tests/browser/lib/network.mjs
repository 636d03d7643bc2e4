// The namespace's own network: less bandwidth, lost packets, and what went abroad. Undo with restore().
import { execFileSync } from 'node:child_process';

const nft = (/** @type {string[]} */ ...args) => execFileSync('nft', args, { encoding: 'utf8' });

/** Everything on loopback, where packets between the namespace's own addresses travel. @param {number} kbit per second */
export function limitBandwidth (kbit) {
  execFileSync('tc', ['qdisc', 'replace', 'dev', 'lo', 'root', 'tbf', 'rate', `${kbit}kbit`, 'burst', '16kb', 'latency', '400ms']);
}

/** UDP only: a share of the packets vanishes. @param {number} percent */
export function losePackets (percent) {
  nft('add', 'rule', 'inet', 'conclave', 'loss', 'meta', 'l4proto', 'udp', 'numgen', 'random', 'mod', '100', '<', String(percent),
    'counter', 'name', 'lost', 'drop');
}

export function restore () {
  nft('flush', 'chain', 'inet', 'conclave', 'loss');
  try {
    execFileSync('tc', ['qdisc', 'del', 'dev', 'lo', 'root'], { stdio: 'ignore' });
  } catch {
    // there was none
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
