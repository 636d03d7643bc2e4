/* Who knocks at the doors of rooms, until somebody lets them in or sends them away.
 *
 * Owns all knocks, of all rooms: they need no meeting, and outlast one. Main thread. Knows no socket: whoever made a knock ties
 * something to it, and ends it.
 *
 * Signals, each after the change was made:
 *   changed (char *room)      another one knocks at this room, or one less, or somebody has said who they are
 *   expired (CvKnock *)       nobody answered for too long; whoever made it is to end it
 */
#pragma once

#include "base/clock.h"

G_BEGIN_DECLS

/* at one room */
#define CV_KNOCKS_MAX 50
#define CV_KNOCK_MAX_MS (30 * 60 * 1000)
/* of a sealed name: LINK-1.md, section 11 */
#define CV_KNOCK_SEALED_BYTES 284

typedef struct {
  char *id; /* "q" + 12 */
  char *room;
  char *name;      /* "" where names travel sealed */
  char *sealed;    /* that name, base64url; NULL: they have not said it */
  gint64 since;    /* ms since 1970 */
  gboolean marked; /* comes from where somebody was removed */
  gboolean phone;  /* comes by phone */
  gpointer guest;  /* whatever who made it ties to it; borrowed */
} CvKnock;

#define CV_TYPE_KNOCKS (cv_knocks_get_type ())
G_DECLARE_FINAL_TYPE (CvKnocks, cv_knocks, CV, KNOCKS, GObject)

CvKnocks *cv_knocks_new (CvClock *clock);

/* Borrowed; NULL where too many knock already. */
CvKnock *cv_knocks_add (CvKnocks *self, const char *room, const char *name, gboolean marked, gboolean phone,
                        gpointer guest);
/* Who it is, for those who can open it; once. */
void cv_knocks_introduce (CvKnocks *self, CvKnock *knock, const char *sealed);
/* Frees it. */
void cv_knocks_end (CvKnocks *self, CvKnock *knock);
/* Borrowed; NULL where nobody knocks with this id at this room. */
CvKnock *cv_knocks_find (CvKnocks *self, const char *room, const char *id);
/* The oldest first. Returns: (transfer container), of what may be gone after the next change. */
GPtrArray *cv_knocks_list (CvKnocks *self, const char *room);
/* The same of all rooms, in no order. */
GPtrArray *cv_knocks_list_all (CvKnocks *self);
guint cv_knocks_count (CvKnocks *self, const char *room);

G_END_DECLS
