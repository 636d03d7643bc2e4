// What /proc tells of a daemon and its media processes. Knows no protocol.
import fs from 'node:fs';

const read = file => fs.readFileSync(file, 'utf8');

/** The media processes of a daemon, the spare one included, in the order they were started. */
export function children (daemon) {
  return read(`/proc/${daemon.pid}/task/${daemon.pid}/children`).split(' ').filter(Boolean).map(Number).sort((a, b) => a - b);
}

/** The media process that holds a room's meeting: the last one that the log names with the room. */
export function mediaOf (daemon, room) {
  const found = [...daemon.log.matchAll(new RegExp(`conclave-media\\[(\\d+)\\]: .*ROOM=${room.id}`, 'g'))];
  return found.length ? Number(found.at(-1)[1]) : null;
}

export function alive (pid) {
  try {
    return !/^State:\s+Z/m.test(read(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

/** @returns {{ rss: number, threads: number, descriptors: number }} KiB; -1 descriptors: not for us to see */
export function usage (pid) {
  const status = read(`/proc/${pid}/status`);
  const member = name => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  let descriptors = -1;
  try {
    descriptors = fs.readdirSync(`/proc/${pid}/fd`).length;
  } catch { /* a sandboxed process shows them to root only */ }
  return { rss: member('VmRSS'), threads: member('Threads'), descriptors };
}
