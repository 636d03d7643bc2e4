// An SMTP server on loopback as a test wants it: in the clear or with STARTTLS, with a login, or refusing what it is told to refuse.
// What it took is in `letters`. Speaks only what is needed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';

/** A certificate for 127.0.0.1 that vouches for itself. @param {string} folder @returns {{ cert: string, key: string }} files */
export function makeCertificate (folder) {
  const [cert, key] = ['smtp.pem', 'smtp.key'].map(name => path.join(folder, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { cert, key };
}

export class MailServer {
  /** @type {{ from: string, to: string[], text: string, encrypted: boolean, login: string }[]} */ letters = [];
  /** Answers to RCPT, one after the other; then 250. @type {string[]} */ refusals = [];
  attempts = 0;
  #sockets = new Set();

  /** @param {{ files?: { cert: string, key: string }, login?: string }} [options] files: it offers STARTTLS; login: NAME:PASSWORD that it wants */
  static async start ({ files, login } = {}) {
    const self = new MailServer();
    self.context = files && tls.createSecureContext({ cert: fs.readFileSync(files.cert), key: fs.readFileSync(files.key) });
    self.wanted = login;
    self.server = net.createServer(socket => self.#serve(socket, false));
    await new Promise(resolve => self.server.listen(0, '127.0.0.1', () => resolve(undefined)));
    return self;
  }

  get url () {
    return `smtp://127.0.0.1:${this.server.address().port}`;
  }

  stop () {
    for (const socket of this.#sockets)
      socket.destroy();
    return new Promise(resolve => this.server.close(resolve));
  }

  #serve (socket, encrypted) {
    const state = { encrypted, asked: false, login: '', from: '', to: [], data: /** @type {string | null} */ (null) };
    let rest = '';
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
    const onData = chunk => {
      rest += chunk.toString('latin1');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const answer = this.#take(state, line);
        if (answer)
          socket.write(`${answer}\r\n`);
        if (line.toUpperCase() === 'STARTTLS' && this.context) {
          socket.off('data', onData);
          this.#serve(new tls.TLSSocket(socket, { isServer: true, secureContext: this.context }), true);
          return;
        }
      }
    };
    socket.on('data', onData);
    if (!encrypted)
      socket.write('220 test\r\n');
  }

  #logIn (state, said) {
    state.login = Buffer.from(said, 'base64').toString().split('\0').slice(1).join(':');
    return state.login === this.wanted ? '235 welcome' : '535 no';
  }

  #take (state, line) {
    if (state.data !== null) {
      if (line !== '.') {
        state.data += `${line.replace(/^\./, '')}\n`;
        return null;
      }
      this.letters.push({ from: state.from, to: state.to, text: Buffer.from(state.data, 'latin1').toString(), encrypted: state.encrypted, login: state.login });
      Object.assign(state, { data: null, to: [] });
      return '250 taken';
    }
    if (state.asked) {
      state.asked = false;
      return this.#logIn(state, line);
    }
    const word = line.split(' ')[0].toUpperCase();
    if (word === 'EHLO')
      return ['250-test', ...this.context && !state.encrypted ? ['250-STARTTLS'] : [], ...this.wanted && (state.encrypted || !this.context) ? ['250-AUTH PLAIN'] : [], '250 8BITMIME'].join('\r\n');
    if (word === 'AUTH') { // with what one says, or asked for it first
      const [, , said] = line.split(' ');
      state.asked = said === undefined;
      return state.asked ? '334 ' : this.#logIn(state, said);
    }
    if (word === 'MAIL' && this.wanted && state.login !== this.wanted)
      return '530 login first';
    if (word === 'MAIL')
      state.from = /<(.*?)>/.exec(line)?.[1] ?? '';
    if (word === 'RCPT') {
      this.attempts++;
      state.to.push(/<(.*?)>/.exec(line)?.[1] ?? '');
      return this.refusals.shift() ?? '250 fine';
    }
    if (word === 'DATA')
      state.data = '';
    return { DATA: '354 go on', QUIT: '221 bye', STARTTLS: '220 go on' }[word] ?? '250 fine';
  }
}
