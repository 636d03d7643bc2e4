/* An e-mail's head and words: what goes with a summary that is attached. Any thread; owns nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text for a header: as it is where it is plain ASCII, else encoded words (RFC 2047), folded. Nothing in it can end the header. Returns: (transfer
 * full), like below. */
char *cv_letter_encode (const char *text);
/* "Thu, 26 Nov 2026 14:05:00 +0000" of ms since 1970 (RFC 5322). */
char *cv_letter_date (gint64 at);
/* "NAME <ADDRESS>" or "ADDRESS" → ADDRESS; NULL where it is none. */
char *cv_letter_get_address (const char *mailbox);
/* The headers, as lines without their ends; ends in NULL. `id` makes Message-ID, the same in each attempt. */
char **cv_letter_headers (const char *from, const char *to, const char *subject, const char *id, gint64 at);

G_END_DECLS
