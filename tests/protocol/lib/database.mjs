// Rows of a daemon's database, read beside it, as an operator would.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** @param {string} state the daemon's state directory @param {string} sql @returns {any[][]} */
export function query (state, sql) {
  const program = 'import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1], timeout=10).execute(sys.argv[2]).fetchall()))';
  return JSON.parse(execFileSync('python3', ['-c', program, path.join(state, 'conclave.db'), sql], { encoding: 'utf8' }));
}
