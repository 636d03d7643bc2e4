/* What is said to callers: samples by name, mono, 16 bit, 16 kHz. Main thread.
 *
 * Reads all files of one language at once, from a folder that is handed over; afterwards none is opened. Tones are made here.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_PROMPTS_RATE 16000
#define CV_PROMPTS_MAX_S 60
/* bytes of a file: what so many seconds have, and its header */
#define CV_PROMPTS_MAX_BYTES (CV_PROMPTS_MAX_S * CV_PROMPTS_RATE * 2 + 4096)

typedef struct _CvPrompts CvPrompts;

/* `folder`: has one for each language. */
CvPrompts *cv_prompts_new (int folder, const char *language);
void cv_prompts_free (CvPrompts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPrompts, cv_prompts_free)
/* Never NULL: a second of silence where there is none of that name. Borrowed. */
GBytes *cv_prompts_get (CvPrompts *self, const char *name);
/* The samples of a WAV file. Returns: (transfer full), NULL where it is not as above. */
GBytes *cv_prompts_parse (const guint8 *file, gsize n);

G_END_DECLS
