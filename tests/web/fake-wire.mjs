// Two ends of a data channel, as much as `sealed-channel.js` uses of it; `change` may do to each record what a hostile network does.

export class FakeWire {
  readyState = 'connecting';
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onopen = null;
  onmessage = null;
  onclose = null;
  onbufferedamountlow = null;
  other = null;
  change = records => records;

  send(bytes) {
    if (this.readyState !== 'open')
      throw new Error('not open');
    for (const record of this.change([Uint8Array.from(bytes)]))
      queueMicrotask(() => this.other?.onmessage?.({ data: Uint8Array.from(record).buffer })); // whoever gets it may let it go
  }

  close() {
    if (this.readyState === 'closed')
      return;
    this.readyState = 'closed';
    queueMicrotask(() => this.onclose?.());
    this.other?.close();
  }
}

export function wires(change = records => records) {
  const a = new FakeWire();
  const b = new FakeWire();
  Object.assign(a, { other: b, change, readyState: 'open' });
  Object.assign(b, { other: a, change, readyState: 'open' });
  return [a, b];
}
