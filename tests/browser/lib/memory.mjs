// What a process holds at a moment: its memory and the files that it has open, also those that have no name any more. Root in the namespace.
import fs from 'node:fs';

const PIECE = 1 << 20, PAGE = 4096;
const MOST = 1 << 30;
/** Of the kernel, nothing of the process's own. */
const KERNELS = new Set(['[vvar]', '[vsyscall]', '[vvar_vclock]']);

/** @typedef {{ name: string, bytes: Buffer }} Place */

/** @param {number} memory @param {Buffer} into @param {number} at @returns {number} how much of it cannot be read, and stays empty */
function fill (memory, into, at) {
  let unread = 0;
  for (let done = 0, size = PIECE; done < into.length;) {
    let n = 0;
    try {
      n = fs.readSync(memory, into, done, Math.min(size, into.length - done), at + done);
    } catch { /* a page that is none */ }
    if (n === 0 && size === PAGE)
      unread += PAGE;
    done += n || (size === PAGE ? PAGE : 0);
    size = n > 0 ? PIECE : PAGE;
  }
  return unread;
}

/** All mappings that the process may read. @param {number} pid @returns {Place[]} */
function mappings (pid) {
  const memory = fs.openSync(`/proc/${pid}/mem`, 'r');
  try {
    return fs.readFileSync(`/proc/${pid}/maps`, 'latin1').split('\n').flatMap(line => {
      const [, from, to, rights, file] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/.exec(line) ?? [];
      if (!rights?.startsWith('r') || KERNELS.has(file))
        return [];
      const start = parseInt(from, 16), length = parseInt(to, 16) - start; // 47 bits: exact in a number
      if (length > MOST)
        throw new Error(`process ${pid} has ${length} bytes in one mapping`);
      const bytes = Buffer.alloc(length);
      const unread = fill(memory, bytes, start);
      if (unread > 0 && !file.startsWith('/'))
        throw new Error(`process ${pid}: ${unread} bytes of ${line} cannot be read`);
      return [{ name: `memory ${file || from}`, bytes }];
    });
  } finally {
    fs.closeSync(memory);
  }
}

/** @param {number} pid @returns {Place[]} */
function openFiles (pid) {
  const folder = `/proc/${pid}/fd`;
  return fs.readdirSync(folder).map(entry => `${folder}/${entry}`).filter(file => fs.statSync(file).isFile())
    .map(file => ({ name: `open file ${fs.readlinkSync(file)}`, bytes: fs.readFileSync(file) }));
}

/** While the process stands still. @param {number} pid @returns {Place[]} */
export function heldBy (pid) {
  process.kill(pid, 'SIGSTOP');
  try {
    return [...mappings(pid), ...openFiles(pid)];
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** All files below a folder. @param {string} folder @returns {Place[]} */
export function filesBelow (folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const name = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(name) : entry.isFile() ? [{ name, bytes: fs.readFileSync(name) }] : [];
  });
}
