// What processes use, from /proc. Knows no server.
import fs from 'node:fs';

const TICK = 100;

/** @returns {{ cpu: number, exact: number, rss: number, threads: number, descriptors: number }} `cpu` in seconds, of all threads that ever were;
 * `exact` to the nanosecond, but without those that have ended; `rss` in KiB */
export function usage (pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  const member = name => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  let exact = 0;
  for (const thread of fs.readdirSync(`/proc/${pid}/task`)) {
    try {
      exact += Number(fs.readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
    } catch { /* it has just ended */ }
  }
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / TICK, exact, rss: member('VmRSS'), threads: member('Threads'),
    descriptors: fs.readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** Children of a process with that name. */
export function children (pid, name) {
  return fs.readdirSync('/proc').filter(entry => /^\d+$/.test(entry)).map(Number).filter(child => {
    try {
      const text = fs.readFileSync(`/proc/${child}/stat`, 'utf8');
      return text.includes(`(${name.slice(0, 15)})`) && Number(text.replace(/^.*\) /, '').split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
}

/** Seconds of all processors so far: idle, and in all. */
export function machine () {
  const fields = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1, 9).map(Number);
  return { idle: (fields[3] + fields[4]) / TICK, total: fields.reduce((a, b) => a + b) / TICK };
}

/** Seconds of processor of all processes that there are: in a namespace, of its own. */
export function everybody () {
  return fs.readdirSync('/proc').filter(entry => /^\d+$/.test(entry)).reduce((sum, pid) => {
    try {
      const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
      return sum + (Number(fields[11]) + Number(fields[12])) / TICK;
    } catch {
      return sum; // it has just ended
    }
  }, 0);
}
