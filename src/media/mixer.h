/* `cvmixer`, a GStreamer element: everybody hears everybody else, and nobody themselves.
 *
 *  - Request pads `sink_%u` take raw audio, `src_%u` give it: S16LE, mono, 48 kHz, nothing else. A source pad gets
 *    everything but what comes in at the sink pad of the same number; without such a sink pad it gets the whole mix.
 *  - It is live: one thread ticks every 20 ms by the pipeline's clock and pushes one buffer into each source pad. What
 *    comes in is played as it arrives (rtp/playout), its timestamps say nothing here.
 *  - Only the loudest are heard (property `loudest`, 4), so what a tick costs is hardly a matter of how many are there.
 *  - Pads come and go in any state. Neither the end of an input nor an error behind an output ends the others.
 *  - What follows a source pad must not block, or all wait: encoders may follow directly, anything that waits (a sink
 *    with sync=true) stands behind `queue leaky=downstream`.
 *
 * Sink pads have the properties `level` (dBov, -96…0), `heard` (is it in the mix), `dropped` (samples that came too many)
 * to be read, and `always` (is heard whoever is louder) to be set.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* of each direction; a request for more fails */
#define CV_MIXER_MAX_PADS 512
#define CV_MIXER_CAPS "audio/x-raw, format=(string)S16LE, rate=(int)48000, channels=(int)1, layout=(string)interleaved"

#define CV_TYPE_MIXER (cv_mixer_get_type ())
G_DECLARE_FINAL_TYPE (CvMixer, cv_mixer, CV, MIXER, GstElement)

/* Makes `cvmixer` known to this process; after gst_init(), before the first pipeline that has one. */
void cv_mixer_register (void);

G_END_DECLS
