/* The stage that mixes: the meeting's sound to AAC (for joining), Opus and a waveform in one go, and tracks by themselves. */
#pragma once

#include "render/desk.h"

G_BEGIN_DECLS

/* Where the AAC lies until it is joined: in the job's own folder. Returns: (transfer full). */
char *cv_sound_path (const CvDesk *desk);
/* Mixes, unless an earlier run of the job has, and delivers what of audio.opus and waveform.json is ordered. */
gboolean cv_sound_mix (CvDesk *desk, GError **error);
/* TRACK.flac of every track with sound, each as long as the programme. */
gboolean cv_sound_write_tracks (CvDesk *desk, GError **error);

G_END_DECLS
