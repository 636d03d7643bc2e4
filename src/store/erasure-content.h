/* What is written of a meeting as JSON, tables `content` and `summary`, and what becomes of it where somebody is erased.
 *
 * Owns nothing. Where the connection is.
 */
#pragma once

#include "store/erasure.h"

G_BEGIN_DECLS

/* Learns by what names they said something, and when. */
gboolean cv_erasure_content_look (sqlite3 *db, const CvErasureSeat *seat, GError **error);
/* What they said and shared goes; of all else their id and their names. */
gboolean cv_erasure_content_run (sqlite3 *db, const CvErasureSeat *seat, GError **error);

G_END_DECLS
