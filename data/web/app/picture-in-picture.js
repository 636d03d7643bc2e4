// A tile's video in a small window over everything else, where the browser's own button does not do it (Firefox).

import { errorText } from '../core/errors.js';
import { notices } from './notices.js';

export const canPopOut = Boolean(document.pictureInPictureEnabled);

/** Opens it, or closes it where it is open. @param {HTMLVideoElement} video */
export async function popOut(video) {
  try {
    if (document.pictureInPictureElement === video)
      await document.exitPictureInPicture();
    else
      await video.requestPictureInPicture();
  } catch {
    notices.toast(errorText(''), { bad: true });
  }
}
