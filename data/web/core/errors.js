// Every error id a person can meet, with its sentence: those of the server (PROTOCOL.md, section 4.4), of a pair of
// browsers (LINK-1.md) and of this browser's devices. Ids are stable; sentences are looked up when they are shown.

import { t } from './i18n.js';

/** Something failed for a reason that a person can be told. */
export class ConclaveError extends Error {
  /** @param {string} id one that `errorText` knows @param {unknown} [cause] */
  constructor(id, cause) {
    super(id, { cause });
    this.name = 'ConclaveError';
    this.id = id;
  }
}

/** @type {Record<string, () => string>} */
const SENTENCES = {
  // from the server
  'bad-message': () => t("This message does not fit the protocol."),
  'too-large': () => t("This message is too large."),
  'rate-limited': () => t("Too many requests. Wait a minute and try again."),
  'foreign-origin': () => t("This page comes from another server."),
  'unknown-room': () => t("There is no such room. It may have been deleted."),
  'other-kind': () => t("The server says that this is another kind of room than it was, in which others may hear you. You were not taken in."),
  'wrong-key': () => t("This link is not complete or not valid. Ask for it again."),
  'old-link': () => t("This invitation is no longer valid. Ask for the new link of the room."),
  'bad-ticket': () => t("This ticket is not valid. It may have expired or been used."),
  'ticket-spent': () => t("A ticket lets you in once, and yours was used. Open the meeting again from where you came from."),
  'no-dial-in': () => t("This server cannot be called by phone."),
  'not-available': () => t("Rooms of this kind are not available in this build."),
  'room-full': () => t("This room is full."),
  'id-taken': () => t("A room with this id exists already."),
  'key-reused': () => t("This key was used for another request already."),
  'not-allowed': () => t("You may not do this."),
  'session-lost': () => t("Your seat was given up. Join again."),
  'timeout': () => t("That took too long."),
  'server-full': () => t("The server is full. Try again later."),
  'server-stopping': () => t("The server is about to be restarted. Try again in a few minutes."),
  'store-failed': () => t("The server could not save this. Try again later."),
  'internal': () => t("Something went wrong on the server."),
  'not-found': () => t("There is nothing here."),
  'too-many': () => t("There are too many of these already."),
  'bad-sdp': () => t("The description of this media connection is not valid."),
  'no-codec': () => t("There is no codec that both sides know."),
  'media-lost': () => t("The media of this meeting are not available now."),
  'recording-off': () => t("Recording is not allowed in this room."),
  'recording-state': () => t("The recording has gone on in the meantime. Look at its mark and try again."),
  'disk-full': () => t("The server's disk is too full."),
  'no-renderer': () => t("This server makes no films of recordings."),
  'no-session': () => t("You are not signed in, or no longer. Sign in again."),
  'bad-key': () => t("This key is not valid. It may have expired or been revoked."),
  'wrong-password': () => t("This password is not right."),
  'denied': () => t("You were not let into this meeting."),
  'locked': () => t("This meeting is locked. Nobody else may join now."),
  'removed': () => t("You were removed from this meeting."),
  'gone': () => t("This link has expired or was withdrawn. Ask for a new one."),
  'bad-login': () => t("This name and this password do not fit together."),
  'login-taken': () => t("Somebody has this name for signing in already."),
  'wrong-offset': () => t("The upload goes on elsewhere. Ask where."),
  'quota-full': () => t("The documents of this meeting take all the space they may."),
  'refused': () => t("This file was not accepted."),
  'outdated': () => t("Somebody else has changed it meanwhile."),
  'meeting-runs': () => t("The meeting is not over yet."),
  // of signing in at another server
  'elsewhere-expired': () => t("Signing in took too long, or was begun in another window. Try again."),
  'elsewhere-cancelled': () => t("Signing in was cancelled."),
  'elsewhere-unreachable': () => t("The server that you wanted to sign in at does not answer as it should. Try again later, or ask the administrator of this server."),
  'elsewhere-failed': () => t("Signing in did not work: what came back was not valid. Try again, or ask the administrator of this server."),
  'elsewhere-refused': () => t("You may not sign in here. Ask the administrator of this server."),
  'elsewhere-unknown': () => t("You have no account on this server yet. Ask its administrator for one."),
  'elsewhere-taken': () => t("What you are called there is the login of somebody else here. Ask the administrator of this server."),
  // on the way to it
  'media-interrupted': () => t("Sound and picture were interrupted. They come back by themselves."),
  'media-timeout': () => t("Sound and picture do not get through. A firewall may be in the way."),
  'unreachable': () => t("The server cannot be reached. Check your connection and try again."),
  'not-joined': () => t("You are not in the meeting."),
  // between two browsers
  'code-differs': () => t("You said that your codes differ. Somebody who has the link may be between you. The call has ended. Make a new room, and give its link to each other on another way."),
  'link-code': () => t("The encryption could not be verified: what came for the code to compare does not fit. The connection was ended."),
  'link-differs': () => t("This person said that the codes differ, and ended the call."),
  'link-commit': () => t("The encryption could not be verified: a key was exchanged for another on the way. The connection was ended."),
  'link-mac': () => t("The encryption could not be verified: this person came with another link, or somebody on the way tried to listen. The connection was ended."),
  'link-reflected': () => t("The encryption could not be verified: your own keys came back to you. The connection was ended."),
  'link-identity': () => t("The encryption could not be verified: the keys belong to somebody else. The connection was ended."),
  'link-malformed': () => t("The encryption could not be verified: a damaged message came. The connection was ended."),
  'link-order': () => t("The encryption could not be verified: messages came in the wrong order. The connection was ended."),
  'link-sealed': () => t("The encryption could not be verified: a sealed message was changed or repeated on the way. The connection was ended."),
  'link-fingerprint': () => t("The encryption could not be verified: the fingerprint is not the one that was agreed on. The connection was ended."),
  'link-confirm': () => t("The encryption could not be verified: the connection leads to somebody else. The connection was ended."),
  'link-generation': () => t("The room has another link since somebody was removed, and one of you did not get it. The connection was ended."),
  'link-timeout': () => t("No connection to this person came about. A firewall may be in the way."),
  'link-peer': () => t("This person's browser ended the connection because it could not verify the encryption."),
  'link-unsupported': () => t("This browser cannot make an encrypted connection."),
  'order-unverified': () => t("Something came as if from a host that no host has signed. It was not done."),
  'order-old': () => t("Something that a host wanted came late, or once more. It was not done. The clock of this device may be wrong."),
  // devices
  'blocked': () => t("The browser does not allow it. Click the symbol beside the address, allow it and try again."),
  'no-device': () => t("No device was found. Plug one in and try again."),
  'in-use': () => t("Another program uses the device. Close it and try again."),
  'insecure': () => t("The browser allows microphone and camera only on a secure page (https)."),
  'device-failed': () => t("The device does not work. Unplug it, plug it in again and try again."),
  'screen-failed': () => t("The screen cannot be shared. The operating system may not allow it."),
  'screen-unsupported': () => t("This browser cannot share the screen."),
};

/** Every id that has a sentence. @type {readonly string[]} */
export const errorIds = Object.keys(SENTENCES);

/** @param {string} id @returns {string} a sentence for people; a general one for an id that is not known */
export function errorText(id) {
  return Object.hasOwn(SENTENCES, id) ? SENTENCES[id]() : t("Something went wrong. Reload the page and try again.");
}
