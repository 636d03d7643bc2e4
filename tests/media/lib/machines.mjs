// Machines on networks, for a test in a namespace of its own (tests/browser/namespace): each is a network namespace in it, and the
// test's own one is the router between them. Knows no daemon. All of it is gone with the test's namespace.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { until } from '../../protocol/lib/daemon.mjs';

const words = text => text.split(' ');

/** A command on the router itself. @returns {string} what it says */
export function here (command, input) {
  const [program, ...args] = words(command);
  return execFileSync(program, args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Why addresses cannot be translated on this machine, or `false`. */
export function natMissing () {
  const rules = 'table ip probe { chain post { type nat hook postrouting priority 100; masquerade; }; }\n';
  const made = spawnSync('nft', ['-f', '-'], { input: rules, encoding: 'utf8' });
  if (made.status !== 0)
    return `the kernel translates no addresses here (nft: ${(made.stderr ?? String(made.error)).trim().split('\n')[0]})`;
  here('nft delete table ip probe');
  return false;
}

export class Machine {
  #holder;

  static async start () {
    const self = new Machine();
    self.#holder = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
    const own = fs.readlinkSync('/proc/self/ns/net');
    await until('a network namespace is there', () => fs.readlinkSync(`/proc/${self.#holder.pid}/ns/net`) !== own);
    self.run('ip link set lo up');
    return self;
  }

  /** What stands in front of a command that is to run there. */
  get under () {
    return ['nsenter', `--net=/proc/${this.#holder.pid}/ns/net`, '--'];
  }

  /** @returns {string} what it says */
  run (command, input) {
    return here([...this.under, command].join(' '), input);
  }

  /** A cable to another machine, by default the router: one end is `name` here, the other `there` over there. */
  connect (name, there, other = null) {
    this.run(`ip link add ${name} type veth peer name ${there} netns ${other ? other.#holder.pid : process.pid}`);
    const ends = /** @type {const} */ ([[command => this.run(command), name], [command => other ? other.run(command) : here(command), there]]);
    ends.forEach(([run, end], i) => {
      run(`ip link set ${end} addrgenmode none`);
      run(`ip link set ${end} up`);
      run(`ip address add fe80::${i + 1}/64 dev ${end} nodad`); // without one a router asks for no neighbour
    });
  }

  /** Gives an interface addresses, with the length of their network. */
  address (name, ...addresses) {
    for (const address of addresses)
      this.run(`ip address add ${address} dev ${name}${address.includes(':') ? ' nodad' : ''}`);
  }

  /** UDP sockets there: ADDRESS:PORT, each once. */
  udp () {
    return [...new Set(this.run('ss -Huan').split('\n').filter(Boolean).map(line => line.trim().split(/\s+/)[3]))].sort();
  }

  async close () {
    const gone = once(this.#holder, 'exit');
    this.#holder.stdin.end();
    await gone;
  }
}
