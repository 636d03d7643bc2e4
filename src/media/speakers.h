/* Who speaks, and who is heard: from the levels that packets carry (RFC 6464). Main thread; time is given.
 *
 * CvSpeakers owns a CvSpeaker for each person with a microphone. It knows no packet and no names.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How many may be heard at a time, pinned ones included, and how many are said to speak. */
#define CV_SPEAKERS_MAX 8
#define CV_SPEAKERS_DEFAULT 4

typedef struct _CvSpeakers CvSpeakers;
typedef struct _CvSpeaker CvSpeaker;

/* `n`: how many are heard at a time (1…CV_SPEAKERS_MAX). */
CvSpeakers *cv_speakers_new (guint n);
void cv_speakers_free (CvSpeakers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvSpeakers, cv_speakers_free)

/* Returns: (transfer none), the person's until cv_speakers_remove(). `person` is what the lists below name it by. */
CvSpeaker *cv_speakers_add (CvSpeakers *self, gpointer person);
void cv_speakers_remove (CvSpeakers *self, CvSpeaker *speaker);
/* A spotlighted or presenting person is always heard. */
void cv_speakers_pin (CvSpeaker *speaker, gboolean pinned);
/* A packet came: 0 is the loudest, 127 silence (-dBov). Packets that are late may be left out. */
void cv_speakers_level (CvSpeaker *speaker, guint8 level, gint64 now_us);
/* Call every 50 to 100 ms. TRUE: one of the lists is another now. */
gboolean cv_speakers_tick (CvSpeakers *self, gint64 now_us);

/* Who is heard, each at a place of its own for as long as that lasts: CV_SPEAKERS_MAX places, NULL where nobody is. */
gpointer const *cv_speakers_get_heard (CvSpeakers *self);
/* Who speaks now, loudest first. */
gpointer const *cv_speakers_get_speaking (CvSpeakers *self, guint *n);

G_END_DECLS
