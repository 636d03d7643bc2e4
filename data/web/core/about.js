// What the server says about itself to everybody: whether visitors may make rooms, which kinds there are, whether it can be called by
// phone, and where else one can sign in (PROTOCOL.md, section 3).
// A server that does not say leaves it open: it then refuses what it does not want.

/** @typedef {{ anyoneMayCreate: boolean, available: (kind: string) => boolean, dialIn: boolean, elsewhere: string }} About elsewhere: what people call the server that they can sign in at as well, or '' */

/** @param {import('./requests.js').Requests} requests @returns {Promise<About>} never rejects */
export async function askAbout(requests) {
  const { anyone_may_create: anyone = true, kinds = {}, dial_in: dialIn = false, elsewhere } = await requests.ask('GET', '/about').catch(() => ({}));
  return {
    anyoneMayCreate: anyone === true, available: kind => (Object.hasOwn(kinds, kind) ? kinds[kind] === true : true), dialIn: dialIn === true,
    elsewhere: typeof elsewhere === 'string' ? elsewhere : '',
  };
}
