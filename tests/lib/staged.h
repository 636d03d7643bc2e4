/* A meeting of an hour that was written down, in a database: staged-meeting.sql. */
#pragma once

#include "store/store.h"
#include "summary/compose.h"

G_BEGIN_DECLS

#define CV_TEST_STAGED_ROOM "abcdefghijkm"
#define CV_TEST_STAGED_MEETING "mabcdefghijkm"
#define CV_TEST_STAGED_START G_GINT64_CONSTANT (1795698000000)

/* With a room, and the meeting where `filled`. Returns: (transfer full), to be closed. */
CvStore *cv_test_staged_store (gboolean filled);
/* For any statement; must work. */
void cv_test_staged_run (CvStore *store, const char *sql);
void cv_test_staged_close (CvStore *store);
/* What is collected of it. Returns: (transfer full). */
CvSummary *cv_test_staged_summary (void);
/* In English, in UTC, as its first issue. Returns: (transfer full). */
CvPaper *cv_test_staged_paper (const CvSummary *summary, const char *server, const char *address);

G_END_DECLS
