// Chromium and Firefox as the tests use them: fake devices, nothing fetched from anywhere, each person in a context of
// their own. Every launched browser is closed by closeAll(). Knows no page of ours.
import puppeteer from 'puppeteer-core';
import { ADDRESS } from './server.mjs';
import { voiceFile } from './voice.mjs';

const CHROMIUM_FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--no-default-browser-check', '--mute-audio',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps',
  '--disable-domain-reliability', '--disable-client-side-phishing-detection', '--disable-breakpad',
  // The last two would load pages of the browser's own into each context, for an address bar that nobody types into.
  '--disable-features=OptimizationHints,MediaRouter,Translate,DialMediaRouteProvider,CertificateTransparencyComponentUpdater,' +
    'WebUIOmniboxPopup,WebUIOmniboxAimPopup',
  '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding', '--disable-background-timer-throttling',
  // What a browser asks its maker for by itself ends at the name; so whatever packet goes abroad is our page's.
  `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${ADDRESS}, EXCLUDE localhost`,
  '--autoplay-policy=no-user-gesture-required', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen', '--force-prefers-reduced-motion',
];

const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.gmp-manager.url': '',
  'media.gmp-provider.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disabled': true,
  'network.dns.disablePrefetch': true,
  'network.trr.mode': 5,
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.region.update.enabled': false,
  'browser.newtabpage.enabled': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.push.enabled': false,
  'extensions.update.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
  'ui.prefersReducedMotion': 1,
};

/** @type {Set<import('puppeteer-core').Browser>} */
const open = new Set();
/** What Chromium's microphone hears. */
const voice = voiceFile();

/** @param {import('puppeteer-core').LaunchOptions} options */
async function launch (options) {
  const browser = await puppeteer.launch({ acceptInsecureCerts: true, timeout: 60_000, protocolTimeout: 60_000, ...options });
  open.add(browser);
  return browser;
}

/** @param {{ args?: string[] }} [options] */
export function chromium ({ args = [] } = {}) {
  return launch({
    browser: 'chrome', executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', pipe: true,
    defaultViewport: { width: 1280, height: 800 }, args: [...CHROMIUM_FLAGS, `--use-file-for-fake-audio-capture=${voice}`, ...args],
  });
}

/** @param {{ display?: string, preferences?: Record<string, unknown> }} [options] `display`: a real window there */
export function firefox ({ display, preferences = {} } = {}) {
  return launch({
    browser: 'firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr', headless: !display,
    defaultViewport: display ? null : { width: 1280, height: 800 },
    env: { ...process.env, ...(display ? { DISPLAY: display, MOZ_ENABLE_WAYLAND: '0' } : {}) },
    extraPrefsFirefox: { ...FIREFOX_PREFERENCES, ...preferences },
  });
}

/** 'Chromium' or 'Firefox'. @param {import('puppeteer-core').Browser} browser */
export async function nameOf (browser) {
  return /firefox/i.test(await browser.version()) ? 'Firefox' : 'Chromium';
}

export async function closeAll () {
  const browsers = [...open];
  open.clear();
  await Promise.all(browsers.map(browser => Promise.race([
    browser.close(),
    new Promise(resolve => setTimeout(resolve, 10_000).unref()),
  ]).catch(() => {})));
}
