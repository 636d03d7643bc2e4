// An X server of our own: headless Firefox cannot share a screen.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @returns {Promise<{ display: string, end: () => void }>} */
export async function startScreen () {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp', '-noreset'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [data] = await once(/** @type {import('node:stream').Readable} */ (child.stdio[3]), 'data');
  return { display: `:${String(data).trim()}`, end: () => { child.kill(); } };
}
