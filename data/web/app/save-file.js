// Saves a file as the browser saves downloads: one of the server's, or one that was made here.

const KEPT_MS = 60_000;

/** @param {string | Blob} what an address here, or the contents @param {string} name */
export function saveFile(what, name) {
  const url = typeof what === 'string' ? what : URL.createObjectURL(what);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  if (typeof what !== 'string')
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS); // the browser may still be reading
}
